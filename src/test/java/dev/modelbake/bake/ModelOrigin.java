package dev.modelbake.bake;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;

/** A server on loopback which has some files and notes who asked for what. */
final class ModelOrigin implements AutoCloseable {
  private final MockWebServer server = new MockWebServer();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  ModelOrigin() throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String path = request.getUrl().encodedPath();
            asked.add(path);
            byte[] bytes = files.get(path);
            MockResponse.Builder answer = new MockResponse.Builder();
            return bytes == null
                ? answer.code(404).build()
                : answer.code(200).body(new Buffer().write(bytes)).build();
          }
        });
    server.start();
  }

  /** Serves bytes, and gives their URL. */
  String serve(String path, byte[] bytes) {
    files.put(path, bytes);
    return url() + path;
  }

  /** The origin, without a slash at its end. */
  String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** The paths that were asked for, in order; forgotten then. */
  List<String> takeAsked() {
    List<String> taken = List.copyOf(asked);
    asked.clear();
    return taken;
  }

  @Override
  public void close() {
    server.close();
  }
}
