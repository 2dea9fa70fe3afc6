package dev.modelbake.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What happens to a download before it is placed. */
public sealed interface Unpacking {
  /** The download is the file. */
  record None() implements Unpacking {}

  /**
   * One compressed file becomes one file.
   *
   * @param compression anything but {@link Compression#NONE}
   * @param output the pin of the decompressed bytes, when the manifest gives it
   * @param mirrors URLs which serve the decompressed bytes directly, tried last
   * @param limits bounds on what may come out
   */
  record Stream(
      Compression compression, Optional<Descriptor> output, List<Text> mirrors, Limits limits)
      implements Unpacking {
    public Stream {
      mirrors = List.copyOf(mirrors);
    }
  }

  /**
   * An archive becomes a tree of files.
   *
   * @param strip leading path components to leave out, 0 or more
   * @param include globs over the stripped paths; empty means all
   * @param pin how the tree is proven
   * @param links whether links inside the archive are allowed
   */
  record Tree(
      Archive archive, int strip, List<String> include, TreePin pin, Links links, Limits limits)
      implements Unpacking {
    public Tree {
      include = List.copyOf(include);
    }
  }

  /** The container format of an archive. */
  enum Container {
    ZIP,
    TAR
  }

  /** A container and what it is wrapped in; a zip is never wrapped. */
  record Archive(Container container, Compression compression) {
    public Archive {
      if (container == Container.ZIP && compression != Compression.NONE) {
        throw new IllegalArgumentException("a zip is not compressed again");
      }
    }
  }

  /** Whether an archive may contain links. */
  enum Links {
    /** Any link is refused. */
    REFUSED,
    /** Symbolic links that stay inside the tree are made. */
    INTERNAL
  }

  /** One file of a tree, with its pin. */
  record Member(String path, Descriptor descriptor) {}

  /** How an extracted tree is proven. */
  sealed interface TreePin {
    /** Exactly these files are extracted, each with its own pin. */
    record Members(List<Member> members) implements TreePin {
      public Members {
        members = List.copyOf(members);
      }
    }

    /**
     * The tree as a whole.
     *
     * @param digest SHA-256 of the byte-sorted lines {@code <sha256> <path>\n} of every file
     * @param files the number of files
     * @param size the sum of their sizes in bytes
     */
    record Whole(Digest digest, OptionalInt files, OptionalLong size) implements TreePin {}

    /** Nothing but the archive's own pin. */
    record Absent() implements TreePin {}
  }

  /**
   * Bounds on what may come out; an absent one has a default that depends on the download.
   *
   * @param maxSize in bytes, all files together
   * @param maxFiles entries of the archive
   */
  record Limits(OptionalLong maxSize, OptionalInt maxFiles) {
    public static final Limits DEFAULT = new Limits(OptionalLong.empty(), OptionalInt.empty());

    private static final long FLOOR = 512L << 20;
    private static final int RATIO = 20;
    private static final int FILES = 100_000;

    /** The bound in bytes for a download of this size: the given one or max(512 MiB, 20 times). */
    public long bytesFor(long download) {
      return maxSize.orElse(Math.max(FLOOR, RATIO * Math.min(download, Long.MAX_VALUE / RATIO)));
    }

    /** The bound on entries: the given one or 100,000. */
    public int files() {
      return maxFiles.orElse(FILES);
    }
  }
}
