package dev.modelbake.model;

import java.util.Map;

/** Where the Hugging Face hub is: {@code HF_ENDPOINT}, as its library reads it. */
public final class HubEndpoint {
  private static final String DEFAULT = "https://huggingface.co";

  private HubEndpoint() {}

  /**
   * The endpoint, without a slash at its end.
   *
   * @throws EnvironmentException if the variable holds no http or https URL
   */
  public static String of(Map<String, String> environment) {
    String value = environment.getOrDefault("HF_ENDPOINT", "").replaceAll("/+$", "");
    if (value.isEmpty()) {
      return DEFAULT;
    }
    try {
      String scheme = SourceUrl.parse(value).scheme();
      if (scheme.equals("https") || scheme.equals("http")) {
        return value;
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the value: it may hold a password.
    }
    throw new EnvironmentException(
        "HF_ENDPOINT",
        "it is no http or https URL",
        "set it to something like " + DEFAULT + ", or unset it",
        null);
  }
}
