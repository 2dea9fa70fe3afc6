package dev.modelbake.cli;

import dev.modelbake.model.Printable;
import dev.modelbake.model.UsageException;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Writes the part of a Dockerfile that brings models, each line with its reason; the forms are
 * those of {@code Dockerfile.example}.
 *
 * @param manifests as given: files of the build context, or {@code catalog:NAME}
 * @param options of the bake, as given
 * @param user the name of the user that the image runs as
 * @param environment what the final stage must set
 * @param packages Python packages that must be installed before
 */
record DockerfileText(
    List<String> manifests,
    List<String> options,
    String user,
    SortedMap<String, String> environment,
    SortedSet<String> packages) {
  private static final String TOOL =
      """
      # Pinned tags, not "latest": better still, add @sha256:... so that nobody can move them.
      ARG PYTHON_IMAGE=python:3.12.11-slim-bookworm
      # glibc, not musl: the tool's own Java runtime needs glibc 2.17 or newer.
      ARG TOOL_IMAGE=debian:12.11-slim
      # Where the tool lies in the build context: target/modelbake, or the unpacked .tar.gz.
      ARG MODELBAKE=target/modelbake

      FROM ${TOOL_IMAGE} AS modelbake
      ARG MODELBAKE
      # COPY keeps the files' times: the tool starts much faster while they are unchanged.
      COPY ${MODELBAKE} /opt/modelbake
      ENV PATH=/opt/modelbake/bin:$PATH

      """;

  private static final String MOUNTS =
      """
          --mount=type=cache,target=/mnt/store \\
          --mount=type=secret,id=hf_token \\
          --mount=type=secret,id=netrc \\
      """;

  /** Models baked in the final stage itself, by root, for its user. */
  String simple() {
    String bake = "/mnt/modelbake/bin/modelbake bake";
    String tool =
        "RUN --mount=type=bind,from=modelbake,source=/opt/modelbake,target=/mnt/modelbake \\\n";
    return TOOL
        + "FROM ${PYTHON_IMAGE} AS final\n"
        + "RUN useradd --create-home --uid 1000 "
        + user
        + "\n"
        + libraries()
        + "# Models before code: a changed line of code then fetches nothing.\n"
        + copies()
        + "# The tool is mounted and leaves nothing behind. The cache keeps proven downloads between"
        + " builds;\n# every byte from it is hashed again. A token comes as a secret, never as ENV or"
        + " ARG.\n"
        + tool
        + MOUNTS
        + "    "
        + command(bake, "--store /mnt/store")
        + "# A step of its own, since the list carries today's time. It fetches nothing.\n"
        + tool
        + "    "
        + (copies().isEmpty() ? "mkdir -p /etc/modelbake && " : "")
        + command("/mnt/modelbake/bin/modelbake verify", "--sums /etc/modelbake/SHA256SUMS")
        + variables()
        + check("/etc/modelbake/SHA256SUMS");
  }

  /**
   * Models baked in a stage of their own and copied.
   *
   * @param top the directory with everything in it, one level above what libraries use
   */
  String staged(String top) {
    return TOOL
        + "# This stage knows no users, so the owner is a number.\n"
        + "FROM modelbake AS models\n"
        + copies()
        + "RUN "
        + MOUNTS.stripLeading()
        + "    "
        + command("modelbake bake", "--store /mnt/store --sums %s/SHA256SUMS".formatted(top))
        + "\nFROM ${PYTHON_IMAGE} AS final\n"
        + "RUN useradd --create-home --uid 1000 "
        + user
        + "\n"
        + "# One level above what libraries use: inside, owners survive; the copied directory itself"
        + "\n# becomes root's. No --chown for that reason: it is not needed.\n"
        + "COPY --from=models %1$s %1$s\n".formatted(top)
        + variables()
        + check(top + "/SHA256SUMS");
  }

  private String libraries() {
    return packages.isEmpty()
        ? ""
        : "# The manifest asks where these packages are, so they come first; pin their versions.\n"
            + "RUN pip install --no-cache-dir "
            + String.join(" ", packages)
            + "\n";
  }

  private String copies() {
    StringBuilder copies = new StringBuilder();
    for (String manifest : manifests) {
      if (!isShipped(manifest)) {
        copies.append("COPY %s %s\n".formatted(quoted(manifest), quoted(copied(manifest))));
      }
    }
    return copies.toString();
  }

  private static boolean isShipped(String manifest) {
    return manifest.startsWith("catalog:");
  }

  private static String copied(String manifest) {
    return isShipped(manifest)
        ? manifest
        : "/etc/modelbake/" + manifest.substring(manifest.lastIndexOf('/') + 1);
  }

  private String command(String bake, String fixed) {
    StringBuilder line = new StringBuilder(bake).append(' ').append(fixed);
    options.forEach(option -> line.append(' ').append(quoted(option)));
    manifests.forEach(manifest -> line.append(" \\\n      ").append(quoted(copied(manifest))));
    return line.append('\n').toString();
  }

  /** A line end in a word would begin another instruction. */
  private static String quoted(String word) {
    if (!Printable.of(word, Integer.MAX_VALUE).equals(word)) {
      throw new UsageException(
          "writing a Dockerfile",
          "a path or option has characters that do not show: " + word,
          "use another name");
    }
    return word.matches("[A-Za-z0-9_./:@%+,=~-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private String variables() {
    return environment.isEmpty()
        ? ""
        : "# Where libraries look, and that they look no further.\n"
            + EnvText.dockerfile(environment);
  }

  /** The run user, not root, proves that it can read every file; no Java is needed for it. */
  private String check(String sums) {
    return "# USER first, then the check: so the user of the application proves that it can read every"
        + "\n# file. Run it before the container says that it is ready, too.\n"
        + "USER "
        + user
        + "\n"
        + "RUN sha256sum --check --quiet "
        + sums
        + "\n";
  }
}
