package dev.modelbake.lint;

import dev.modelbake.model.Problem;
import dev.modelbake.model.Text;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** URLs whose bytes change when somebody commits, or which are no file at all. */
final class MovingUrls {
  private static final String BRANCH = "(main|master|HEAD|develop|dev|latest)";

  /** Where a branch stands in the URLs of hosts that serve files of repositories. */
  private static final Pattern OF_BRANCH =
      Pattern.compile(
          "https?://(?:raw\\.githubusercontent\\.com/[^/]+/[^/]+/(?:refs/heads/)?"
              + BRANCH
              + "/|[^/]+/.+/(?:raw|resolve|blob)/(?:refs/heads/)?"
              + BRANCH
              + "/|[^/]+/[^/]+/[^/]+/releases/(latest)/download/).*");

  private static final Pattern PAGE =
      Pattern.compile("https?://(?:github\\.com|gitlab\\.com|huggingface\\.co)/.+/blob/.*");

  private MovingUrls() {}

  static Optional<Problem> problem(Text url) {
    if (PAGE.matcher(url.value()).matches()) {
      return Optional.of(
          Problem.warning(
              url.at(),
              "page-url",
              "the URL is a page about the file, not the file",
              "write raw (GitHub, GitLab) or resolve (Hugging Face) in place of blob"));
    }
    Matcher branch = OF_BRANCH.matcher(url.value());
    if (!branch.matches()) {
      return Optional.empty();
    }
    String name = branch.group(1) != null ? branch.group(1) : branch.group(2);
    return Optional.of(
        Problem.warning(
            url.at(),
            "moving-branch",
            "the URL follows %s, so the pin breaks when it moves"
                .formatted(name == null ? "the latest release" : "the branch " + name),
            "write a commit or a tag in its place"));
  }
}
