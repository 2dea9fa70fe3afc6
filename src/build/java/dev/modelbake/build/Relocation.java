package dev.modelbake.build;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * Gives the libraries of a jar names of our own, so that a program may have other versions of them.
 *
 * <p>Two keep theirs: zstd, whose native code asks for its classes by name, and the annotations for
 * null, which tools of callers look for.
 */
final class Relocation extends Remapper {
  private static final String HOME = "dev/modelbake/libraries/";
  private static final List<String> ROOTS =
      List.of(
          "com/fasterxml/jackson/",
          "kotlin/",
          "okhttp3/",
          "okio/",
          "org/apache/commons/",
          "org/bouncycastle/",
          "org/intellij/",
          "org/jetbrains/",
          "org/snakeyaml/",
          "org/tukaani/",
          "picocli/",
          "tools/jackson/");

  private static final Pattern OF_A_VERSION = Pattern.compile("(META-INF/versions/\\d+/)(.*)");
  private static final String SERVICES = "META-INF/services/";

  /** Notes for a compiler to native code, by the old names. */
  private static final String NATIVE_IMAGE = "META-INF/native-image/";

  /** The same entries by their new names. */
  static Map<String, byte[]> of(Map<String, byte[]> entries) {
    Relocation names = new Relocation();
    Map<String, byte[]> moved = new TreeMap<>();
    entries.forEach(
        (name, content) -> {
          if (!name.startsWith(NATIVE_IMAGE)) {
            moved.put(names.entry(name), names.content(name, content));
          }
        });
    return moved;
  }

  private Relocation() {
    super(org.objectweb.asm.Opcodes.ASM9);
  }

  private String entry(String name) {
    var version = OF_A_VERSION.matcher(name);
    if (version.matches()) {
      return version.group(1) + map(version.group(2));
    }
    return name.startsWith(SERVICES)
        ? SERVICES + text(name.substring(SERVICES.length()))
        : map(name);
  }

  private byte[] content(String name, byte[] content) {
    if (name.endsWith(".class")) {
      ClassWriter writer = new ClassWriter(0);
      new ClassReader(content).accept(new ClassRemapper(writer, this), 0);
      return writer.toByteArray();
    }
    if (name.startsWith(SERVICES)) {
      return new String(content, StandardCharsets.UTF_8)
          .lines()
          .map(line -> text(line) + "\n")
          .collect(Collectors.joining())
          .getBytes(StandardCharsets.UTF_8);
    }
    return content;
  }

  /** A name with slashes: of a class, or of a file beside classes. */
  @Override
  public String map(String name) {
    return ROOTS.stream().anyMatch(name::startsWith) ? HOME + name : name;
  }

  /** Classes and files are asked for by texts too. */
  @Override
  public Object mapValue(Object value) {
    return value instanceof String text ? text(text) : super.mapValue(value);
  }

  private static String text(String text) {
    for (String root : ROOTS) {
      String dotted = root.replace('/', '.');
      if (text.startsWith(root)) {
        return HOME + text;
      }
      if (text.startsWith("/" + root)) {
        return "/" + HOME + text.substring(1);
      }
      if (text.startsWith(dotted)) {
        return HOME.replace('/', '.') + text;
      }
    }
    return text;
  }
}
