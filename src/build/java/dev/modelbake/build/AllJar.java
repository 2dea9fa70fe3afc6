package dev.modelbake.build;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * All jars as one: entries in the order of their names and of one time, so that the same jars give
 * the same bytes.
 *
 * <p>Service files are joined. Signatures go, since they would not fit the new jar, as do module
 * descriptors, of which one jar can have one. Licences and notices are kept apart by jar. Any other
 * two entries of one name and different content end the build: someone has to decide.
 */
final class AllJar {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final Pattern DROPPED =
      Pattern.compile(
          "META-INF/(MANIFEST\\.MF|INDEX\\.LIST|[^/]+\\.(SF|RSA|DSA|EC)|SIG-.*|(maven|proguard)/.*|[^/]+\\.kotlin_module)"
              + "|(META-INF/versions/\\d+/)?(module-info\\.class|OSGI-INF/.*)");
  private static final Pattern LEGAL =
      Pattern.compile("(META-INF/)?((?:LICENSE|LICENCE|NOTICE|AL2\\.0|LGPL)[^/]*)");

  /**
   * Libraries of which we, or other libraries, use a few classes directly; a library before those
   * that it needs. Their reflection is that of security providers, which we never register.
   */
  private static final List<String> PARTLY_USED =
      List.of(
          "org/bouncycastle/",
          "org/apache/commons/lang3/",
          "org/apache/commons/io/",
          "org/apache/commons/codec/",
          "kotlin/");

  private static final Pattern SERVICE = Pattern.compile("META-INF/services/[^/]+");

  private final List<Path> jars;
  private final Instant time;
  private final boolean nativeCode;
  private final boolean relocated;
  private final Map<String, byte[]> entries = new TreeMap<>();

  AllJar(List<Path> jars, Instant time) {
    this(jars, time, true, false);
  }

  private AllJar(List<Path> jars, Instant time, boolean nativeCode, boolean relocated) {
    this.jars = jars;
    this.time = time;
    this.nativeCode = nativeCode;
    this.relocated = relocated;
  }

  /** The same, for a place that has the shared libraries beside the jar. */
  AllJar withoutNativeCode() {
    return new AllJar(jars, time, false, relocated);
  }

  /** The same, with libraries that no other version of them gets in the way of. */
  AllJar relocated() {
    return new AllJar(jars, time, nativeCode, true);
  }

  void write(Path file) throws IOException {
    entries.clear();
    try (ClassFiles classes = new ClassFiles(jars)) {
      for (Path jar : jars) {
        read(jar, classes);
      }
    }
    Reachable reachable = new Reachable(entries);
    PARTLY_USED.forEach(reachable::keepOnlyReached);
    entries.replaceAll(this::onlyPresentProviders);
    entries.entrySet().removeIf(AllJar::emptyService);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(9);
      // First, where tools look for it.
      add(zip, MANIFEST, manifest());
      Map<String, byte[]> written = relocated ? Relocation.of(entries) : entries;
      for (Map.Entry<String, byte[]> entry : written.entrySet()) {
        add(zip, entry.getKey(), entry.getValue());
      }
    }
  }

  private void read(Path jar, ClassFiles classes) throws IOException {
    // Unverified: the signatures are dropped below, and the build has checked the jar's digest.
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      for (JarEntry entry : file.stream().toList()) {
        String name = entry.getName();
        if (entry.isDirectory()
            || DROPPED.matcher(name).matches()
            || NativeCode.is(name) && !(nativeCode && NativeCode.isForCommonSystem(name))) {
          continue;
        }
        byte[] content = file.getInputStream(entry).readAllBytes();
        var legal = LEGAL.matcher(name);
        if (legal.matches()) {
          String stem = jar.getFileName().toString().replace(".jar", "");
          put(jar, "META-INF/licenses/" + stem + "/" + legal.group(2), content);
        } else if (name.endsWith(".class")) {
          put(jar, name, classes.fit(content));
        } else {
          put(jar, name, content);
        }
      }
    }
  }

  private void put(Path jar, String name, byte[] content) {
    byte[] before = entries.putIfAbsent(name, content);
    if (before == null || Arrays.equals(before, content)) {
      return;
    }
    if (!SERVICE.matcher(name).matches()) {
      throw new IllegalStateException(
          name + " of " + jar.getFileName() + " differs from that of a jar before it");
    }
    Set<String> lines = new LinkedHashSet<>();
    for (byte[] service : List.of(before, content)) {
      new String(service, StandardCharsets.UTF_8).lines().forEach(lines::add);
    }
    entries.put(name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** A service file without the providers that were left out. */
  private byte[] onlyPresentProviders(String name, byte[] content) {
    if (!SERVICE.matcher(name).matches()) {
      return content;
    }
    return new String(content, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> entries.containsKey(line.strip().replace('.', '/') + ".class"))
        .map(line -> line + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static boolean emptyService(Map.Entry<String, byte[]> entry) {
    return SERVICE.matcher(entry.getKey()).matches() && entry.getValue().length == 0;
  }

  private byte[] manifest() throws IOException {
    try (JarFile ours = new JarFile(jars.get(0).toFile(), false)) {
      Manifest manifest = new Manifest(ours.getManifest());
      Attributes attributes = manifest.getMainAttributes();
      attributes.put(Attributes.Name.MULTI_RELEASE, "true");
      // For `java -jar`: zstd's decoder is native code.
      attributes.put(new Attributes.Name("Enable-Native-Access"), "ALL-UNNAMED");
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      manifest.write(bytes);
      return bytes.toByteArray();
    }
  }

  private void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    // As local time in UTC: the zone of the machine must not show.
    entry.setTimeLocal(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
