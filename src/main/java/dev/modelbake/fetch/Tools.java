package dev.modelbake.fetch;

import dev.modelbake.http.HttpClient;
import dev.modelbake.http.Time;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.registry.Registries;
import java.util.function.DoubleSupplier;

/**
 * What the fetches of one run share.
 *
 * @param random 0 to 1, for the jitter of pauses
 */
record Tools(
    FetchSettings settings,
    HttpClient client,
    Registries registries,
    BakeListener listener,
    Time time,
    DoubleSupplier random,
    Hosts hosts,
    Shelf shelf,
    Buffers buffers) {
  /** How a source's files may be divided. */
  Lanes lanes(SourceUrl url) {
    return new Lanes(
        hosts, url.origin(), settings.connectionsPerHost(), settings.spreading(), time);
  }
}
