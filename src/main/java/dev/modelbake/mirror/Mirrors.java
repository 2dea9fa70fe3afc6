package dev.modelbake.mirror;

import dev.modelbake.fetch.FetchSettings;
import dev.modelbake.http.Asking;
import dev.modelbake.http.HttpClient;
import dev.modelbake.http.Time;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.UsageException;
import dev.modelbake.oci.Repository;
import dev.modelbake.registry.Registries;
import dev.modelbake.registry.Registry;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Finds mirrors by what a user calls them: a directory, a URL, or a registry's repository. */
final class Mirrors implements AutoCloseable {
  private final HttpClient client;
  private final Registries registries;
  private final Asking asking;

  Mirrors(FetchSettings settings, BakeListener listener) {
    client = new HttpClient(settings.http(), Time.SYSTEM);
    registries = new Registries(client, settings.http(), settings.registries(), Time.SYSTEM);
    asking =
        new Asking(
            client, settings.http().limits().floor(), Time.SYSTEM, Mirrors::random, listener);
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  HttpClient client() {
    return client;
  }

  Asking asking() {
    return asking;
  }

  Registries registries() {
    return registries;
  }

  MirrorSource source(String place) {
    if (Repository.isOne(place)) {
      Registry registry = registries.reading(repository(place), asking.listener(), Mirrors::random);
      return source(registry);
    }
    if (place.matches("(?i)https?://.*")) {
      return new MirrorSource.OfServer(url(place.replaceFirst("/+$", "")), asking);
    }
    return new MirrorSource.OfDirectory(new MirrorDirectory(MirrorPlace.directory(place)));
  }

  MirrorSource source(Registry registry) {
    return new MirrorSource.OfRegistry(registry, registries, asking);
  }

  Registry writing(String place, List<String> others) {
    return registries.writing(repository(place), others, asking.listener(), Mirrors::random);
  }

  private static SourceUrl url(String place) {
    try {
      return SourceUrl.parse(place);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "reading the mirror's URL",
          String.valueOf(e.getMessage()),
          "write https://HOST/PATH, a directory, or oci://HOST/REPOSITORY");
    }
  }

  static Repository repository(String place) {
    try {
      return Repository.parse(place);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "reading " + SourceUrl.shown(place),
          String.valueOf(e.getMessage()),
          "write oci://HOST/REPOSITORY, the repository in lower case");
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
