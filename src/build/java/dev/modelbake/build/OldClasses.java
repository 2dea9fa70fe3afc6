package dev.modelbake.build;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Raises classes compiled for Java 5 to the Java 8 format by adding the stack frames it wants.
 *
 * <p>A class-data archive takes no class which needs the old verifier. picocli is compiled so, and
 * without this its classes are parsed and verified at each start: 170 ms became 125 ms.
 */
final class OldClasses implements AutoCloseable {
  private static final int FIRST_WITH_FRAMES = Opcodes.V1_6;

  private final URLClassLoader loader;

  OldClasses(List<Path> jars) throws MalformedURLException {
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = jars.get(i).toUri().toURL();
    }
    loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  byte[] raise(byte[] type) {
    int version = (type[6] & 0xff) << 8 | (type[7] & 0xff);
    if (version >= FIRST_WITH_FRAMES) {
      return type;
    }
    ClassWriter writer = new FrameWriter();
    new ClassReader(type).accept(new Raised(writer), ClassReader.SKIP_FRAMES);
    return writer.toByteArray();
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }

  /** Computes frames with the types of the jars rather than those of the build. */
  private final class FrameWriter extends ClassWriter {
    FrameWriter() {
      super(COMPUTE_FRAMES);
    }

    @Override
    protected ClassLoader getClassLoader() {
      return loader;
    }
  }

  private static final class Raised extends ClassVisitor {
    Raised(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visit(
        int version, int access, String name, String signature, String parent, String[] faces) {
      super.visit(Opcodes.V1_8, access, name, signature, parent, faces);
    }
  }
}
