package dev.modelbake.model;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A repository of the Hugging Face hub at one revision.
 *
 * @param id {@code organisation/name}, or {@code name} alone
 * @param revision a commit of 40 hexadecimal digits; a branch or tag is not pinned yet
 * @param ref the branch or tag which the cache shall resolve to the commit
 */
public record HubRepository(Kind kind, String id, Text revision, Optional<String> ref) {
  /** What a repository holds. */
  public enum Kind {
    MODEL("", "api/models/"),
    DATASET("datasets/", "api/datasets/"),
    SPACE("spaces/", "api/spaces/");

    private final String prefix;
    private final String api;

    Kind(String prefix, String api) {
      this.prefix = prefix;
      this.api = api;
    }

    /** The word in a manifest and in the cache's folder names. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether the revision is a commit, so that its files can never change. */
  public boolean isPinned() {
    return revision.value().matches("[0-9a-f]{40}");
  }

  /** The repository's page below an endpoint such as {@code https://huggingface.co}. */
  public String page(String endpoint) {
    return endpoint + "/" + kind.prefix + encode(id);
  }

  /** Where the hub's API describes the revision, with what it knows of each file. */
  public String description(String endpoint) {
    return endpoint + "/" + kind.api + encode(id) + "/revision/" + at() + "?blobs=true";
  }

  /** Where the hub's API lists the files of the revision, page by page. */
  public String tree(String endpoint) {
    return endpoint + "/" + kind.api + encode(id) + "/tree/" + at();
  }

  /** Where one file of the revision is served. */
  public String url(String endpoint, String path) {
    return page(endpoint) + "/resolve/" + at() + "/" + encode(path);
  }

  /** The same repository at a commit. */
  public HubRepository at(String commit) {
    return new HubRepository(kind, id, new Text(commit, revision.at()), ref);
  }

  /** The revision as one segment of a URL: the slash of a branch's name is none of the path's. */
  private String at() {
    return encoded(revision.value());
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String encode(String path) {
    return Arrays.stream(path.split("/", -1))
        .map(HubRepository::encoded)
        .collect(Collectors.joining("/"));
  }
}
