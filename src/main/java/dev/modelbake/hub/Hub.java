package dev.modelbake.hub;

import dev.modelbake.http.Asking;
import dev.modelbake.http.HttpClient;
import dev.modelbake.http.HttpSettings;
import dev.modelbake.http.Time;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.CredentialException;
import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.HubEndpoint;
import dev.modelbake.model.HubException;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.InterruptedBakeException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * The Hugging Face hub at {@code HF_ENDPOINT}, with the token that the environment gives for it.
 * Safe for use by several threads.
 */
public final class Hub implements AutoCloseable {
  private static final int MOST_BYTES = 64 << 20;

  private final String endpoint;
  private final HttpClient client;
  private final Documents documents;

  /**
   * A hub; its deadline begins now.
   *
   * @param listener hears why it takes longer
   * @throws EnvironmentException if {@code HF_ENDPOINT} is no URL of a server, or a proxy variable
   *     holds no proxy
   */
  public Hub(HttpSettings settings, BakeListener listener) {
    this(settings, listener, Time.SYSTEM, () -> ThreadLocalRandom.current().nextDouble());
  }

  Hub(HttpSettings settings, BakeListener listener, Time time, DoubleSupplier random) {
    endpoint = HubEndpoint.of(settings.environment());
    client = new HttpClient(settings, time);
    Asking asking = new Asking(client, settings.limits().floor(), time, random, listener);
    documents = new Documents(asking, MOST_BYTES);
  }

  /** Where the hub is, without a slash at its end. */
  public String endpoint() {
    return endpoint;
  }

  /**
   * The files of a repository at the commit which its revision is now.
   *
   * @throws HubException if the hub does not tell, or tells what cannot be
   * @throws CredentialException if a credential's file cannot be read
   * @throws EnvironmentException if a token or certificate bundle cannot be used
   * @throws InterruptedBakeException if the thread was interrupted
   */
  public Snapshot snapshot(HubRepository repository) {
    return new Inquiry(documents, endpoint, repository).snapshot();
  }

  /** Closes connections. */
  @Override
  public void close() {
    client.close();
  }
}
