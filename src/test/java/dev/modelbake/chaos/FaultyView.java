package dev.modelbake.chaos;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttributeView;

/** A view of a file's attributes whose setters may fail. */
final class FaultyView {
  private FaultyView() {}

  static <V extends FileAttributeView> V of(Class<V> type, V real, Path path) {
    Object view =
        Proxy.newProxyInstance(
            FaultyView.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getName().startsWith("set")) {
                DiskFaults.change(method.getName(), path);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(view);
  }
}
