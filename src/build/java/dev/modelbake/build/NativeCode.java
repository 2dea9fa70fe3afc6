package dev.modelbake.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Shared libraries inside jars, which bring one for each system there is. */
final class NativeCode {
  private static final Pattern LIBRARY = Pattern.compile(".*\\.(so|dll|dylib|jnilib)");
  private static final Pattern WHERE_IMAGES_ARE_MADE =
      Pattern.compile("(linux|darwin)/(amd64|x86_64|aarch64)/.*");

  private NativeCode() {}

  /** Whether this entry of a jar is a shared library. */
  static boolean is(String entry) {
    return LIBRARY.matcher(entry).matches();
  }

  /** Whether a jar for several systems keeps it. */
  static boolean isForCommonSystem(String entry) {
    return WHERE_IMAGES_ARE_MADE.matcher(entry).matches();
  }

  /**
   * Takes this machine's build of a library out of the jars, so that nothing has to be unpacked
   * under /tmp when it is wanted.
   */
  static void copy(List<Path> jars, String library, Path directory) throws IOException {
    String stem = library.replace(".so", "");
    for (Path jar : jars) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
          String name = entry.getName();
          if (name.startsWith("linux/" + architecture() + "/" + stem) && is(name)) {
            try (InputStream in = zip.getInputStream(entry)) {
              Files.copy(in, directory.resolve(library));
            }
          }
        }
      }
    }
  }

  /** As the JVM names it: {@code amd64}, {@code aarch64}. */
  static String architecture() {
    return System.getProperty("os.arch").toLowerCase(Locale.ROOT);
  }
}
