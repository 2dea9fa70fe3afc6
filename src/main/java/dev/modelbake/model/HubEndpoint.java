package dev.modelbake.model;

import java.util.Map;

/** Where the Hugging Face hub is: {@code HF_ENDPOINT}, as its library reads it. */
public final class HubEndpoint {
  private static final String DEFAULT = "https://huggingface.co";

  private HubEndpoint() {}

  /**
   * The endpoint, without a slash at its end; a variable without text counts as unset.
   *
   * @throws EnvironmentException if the variable holds no http or https URL
   */
  public static String of(Map<String, String> environment) {
    String value = environment.getOrDefault("HF_ENDPOINT", "").strip().replaceAll("/+$", "");
    if (value.isEmpty()) {
      return DEFAULT;
    }
    try {
      SourceUrl url = SourceUrl.parse(value);
      boolean bare = url.uri().getRawQuery() == null && url.uri().getRawFragment() == null;
      if (bare && (url.scheme().equals("https") || url.scheme().equals("http"))) {
        return value;
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the value: it may hold a password.
    }
    throw new EnvironmentException(
        "HF_ENDPOINT",
        "its value is not the http or https URL of a server",
        "set it to something like " + DEFAULT + ", or unset it",
        null);
  }
}
