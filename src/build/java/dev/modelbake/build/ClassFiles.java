package dev.modelbake.build;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Makes libraries' classes fit for a class-data archive, and smaller.
 *
 * <p>An archive takes no class which needs the old verifier. picocli is compiled for Java 5, and
 * its classes were read and verified at each start: given the stack frames that the Java 8 format
 * wants, 170 ms became 125 ms. Names of local variables, for debuggers, and notes for Kotlin's
 * compiler go; line numbers stay.
 */
final class ClassFiles implements AutoCloseable {
  private static final int FIRST_WITH_FRAMES = Opcodes.V1_6;

  private final URLClassLoader loader;

  ClassFiles(List<Path> jars) throws MalformedURLException {
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = jars.get(i).toUri().toURL();
    }
    loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  byte[] fit(byte[] type) {
    int version = (type[6] & 0xff) << 8 | (type[7] & 0xff);
    boolean old = version < FIRST_WITH_FRAMES;
    ClassWriter writer = old ? new FrameWriter() : new ClassWriter(0);
    new ClassReader(type).accept(new Fitted(writer), old ? ClassReader.SKIP_FRAMES : 0);
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

  private static final class Fitted extends ClassVisitor {
    Fitted(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visit(
        int version, int access, String name, String signature, String parent, String[] faces) {
      int raised = version < FIRST_WITH_FRAMES ? Opcodes.V1_8 : version;
      super.visit(raised, access, name, signature, parent, faces);
    }

    @Override
    public AnnotationVisitor visitAnnotation(String type, boolean visible) {
      return type.equals("Lkotlin/Metadata;") ? null : super.visitAnnotation(type, visible);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      return new MethodVisitor(Opcodes.ASM9, next) {
        @Override
        public void visitLocalVariable(
            String name, String type, String signature, Label start, Label end, int index) {}
      };
    }
  }
}
