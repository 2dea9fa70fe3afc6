package dev.modelbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.model.BakeException;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What users of the library see: every type that can be reached from {@link ModelBake}, with its
 * public and protected members, is in api.txt. {@code -Dmodelbake.write.docs=true} writes it anew;
 * a line that goes away breaks somebody's program.
 */
class ApiTest {
  private static final Path LISTED = Path.of("src/test/resources/dev/modelbake/api.txt");
  private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");

  /** The types, by their names. */
  private static SortedMap<String, Class<?>> types() {
    SortedMap<String, Class<?>> found = new TreeMap<>();
    Deque<Class<?>> open = new ArrayDeque<>(List.of(ModelBake.class, BakeException.class));
    while (!open.isEmpty()) {
      Class<?> type = open.pop();
      boolean ours = type.getName().startsWith("dev.modelbake.");
      if (!ours || !isVisible(type.getModifiers()) || found.put(type.getName(), type) != null) {
        continue;
      }
      members(type)
          .forEach(
              member -> {
                add(open, member.getGenericReturnType());
                Stream.of(member.getGenericParameterTypes()).forEach(one -> add(open, one));
                Stream.of(member.getExceptionTypes()).forEach(open::add);
              });
      Stream.of(type.getDeclaredConstructors())
          .filter(one -> isVisible(one.getModifiers()))
          .forEach(one -> Stream.of(one.getGenericParameterTypes()).forEach(it -> add(open, it)));
      fields(type).forEach(field -> add(open, field.getGenericType()));
      Stream.of(type.getDeclaredClasses()).forEach(open::add);
      Stream.of(type.getInterfaces()).forEach(open::add);
      if (type.getSuperclass() != null) {
        open.add(type.getSuperclass());
      }
      if (type.isSealed()) {
        Stream.of(type.getPermittedSubclasses()).forEach(open::add);
      }
    }
    return found;
  }

  private static void add(Deque<Class<?>> open, Type type) {
    if (type instanceof Class<?> plain) {
      open.add(plain.isArray() ? plain.getComponentType() : plain);
    } else if (type instanceof ParameterizedType generic) {
      add(open, generic.getRawType());
      Stream.of(generic.getActualTypeArguments()).forEach(one -> add(open, one));
    } else if (type instanceof GenericArrayType array) {
      add(open, array.getGenericComponentType());
    } else if (type instanceof WildcardType wildcard) {
      Stream.of(wildcard.getUpperBounds()).forEach(one -> add(open, one));
    }
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static Stream<Method> members(Class<?> type) {
    return Stream.of(type.getDeclaredMethods())
        .filter(one -> isVisible(one.getModifiers()) && !one.isSynthetic())
        .filter(one -> !OF_EVERY_OBJECT.contains(one.getName()));
  }

  private static Stream<Field> fields(Class<?> type) {
    return Stream.of(type.getDeclaredFields())
        .filter(one -> isVisible(one.getModifiers()) && !one.isSynthetic());
  }

  private static String text() {
    StringBuilder text = new StringBuilder();
    for (Class<?> type : types().values()) {
      text.append(kind(type)).append(' ').append(type.getName()).append('\n');
      Set<String> lines = new TreeSet<>();
      members(type).map(ApiTest::line).forEach(lines::add);
      Stream.of(type.getDeclaredConstructors())
          .filter(one -> isVisible(one.getModifiers()) && !one.isSynthetic())
          .map(ApiTest::line)
          .forEach(lines::add);
      fields(type)
          .map(field -> field.isEnumConstant() ? field.getName() : field.toGenericString())
          .forEach(lines::add);
      lines.forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.toString();
  }

  private static String kind(Class<?> type) {
    String kind =
        type.isRecord()
            ? "record"
            : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
    String sealed = type.isSealed() ? "sealed " : "";
    boolean plain = type.isRecord() || type.isEnum() || type.isInterface();
    return sealed
        + (plain || !Modifier.isFinal(type.getModifiers()) ? "" : "final ")
        + (plain || !Modifier.isAbstract(type.getModifiers()) ? "" : "abstract ")
        + kind;
  }

  private static String line(Executable member) {
    String text = member.toGenericString();
    String name =
        member instanceof Method ? member.getName() : member.getDeclaringClass().getName();
    return text.replaceFirst(
            "^(public|protected) (abstract |final |default |synchronized )*", "$1 ")
        .replace(member.getDeclaringClass().getName() + "." + name + "(", name + "(");
  }

  @Test
  void everyTypeAndMemberIsListed() throws IOException {
    String text = text();
    if (Boolean.getBoolean("modelbake.write.docs")) {
      Files.writeString(LISTED, text);
      return;
    }
    assertEquals(Files.readString(LISTED), text);
  }

  /** The package's own words tell a reader which of its types are meant for users. */
  @Test
  void everyPackageSaysWhatOfItIsPartOfTheApi() throws IOException {
    SortedMap<String, Set<String>> types =
        types().values().stream()
            .filter(type -> type.getEnclosingClass() == null)
            .collect(
                Collectors.groupingBy(
                    Class::getPackageName,
                    TreeMap::new,
                    Collectors.mapping(Class::getSimpleName, Collectors.toSet())));
    for (String name : types.keySet()) {
      String words =
          Files.readString(Path.of("src/main/java", name.replace('.', '/'), "package-info.java"))
              .replaceAll("\\s+\\* ", " ");
      if (words.contains("All its public types are part of the API")) {
        continue;
      }
      assertTrue(words.contains("part of the API"), name);
      for (String type : types.get(name)) {
        assertTrue(words.contains("{@link " + type + "}"), name + "." + type);
      }
    }
    try (Stream<Path> all = Files.walk(Path.of("src/main/java"))) {
      for (Path file : all.filter(one -> one.endsWith("package-info.java")).toList()) {
        String name = file.getParent().toString().replace("src/main/java/", "").replace('/', '.');
        boolean says = Files.readString(file).contains("part of the API");
        assertEquals(types.containsKey(name), says, name);
      }
    }
  }

  @Test
  void noSignatureNamesALibrary() {
    Set<String> foreign = new TreeSet<>();
    for (Class<?> type : types().values()) {
      Deque<Class<?>> named = new ArrayDeque<>();
      members(type).forEach(one -> add(named, one.getGenericReturnType()));
      members(type)
          .forEach(one -> Stream.of(one.getGenericParameterTypes()).forEach(it -> add(named, it)));
      named.stream()
          .filter(one -> !one.isPrimitive())
          .map(Class::getName)
          .filter(one -> !one.startsWith("java.") && !one.startsWith("dev.modelbake."))
          .forEach(foreign::add);
    }
    assertEquals(Set.of(), foreign);
  }
}
