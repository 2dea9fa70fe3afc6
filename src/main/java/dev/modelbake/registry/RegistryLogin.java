package dev.modelbake.registry;

import dev.modelbake.http.HttpClient;
import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Login;
import dev.modelbake.http.Pace;
import dev.modelbake.http.Reply;
import dev.modelbake.http.Send;
import dev.modelbake.http.Speed;
import dev.modelbake.http.Time;
import dev.modelbake.http.Trouble;
import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.model.SourceUrl;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Answers a registry's challenges: basic, or a bearer token from the server that the challenge
 * names (Distribution token specification). A token is kept until shortly before it ends.
 */
final class RegistryLogin implements Login {
  private static final JsonBounds BOUNDS = new JsonBounds(1 << 20, 20);

  /** What a token lasts when nobody says so. */
  private static final Duration USUAL = Duration.ofSeconds(60);

  /** No token is kept longer, whatever it says of itself: a number of any size may come. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** A token is asked for anew so long before its end, since a request takes time. */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final HttpClient client;
  private final Speed floor;
  private final Time time;
  private final Supplier<Optional<Account>> account;
  private final List<String> scopes;
  private Optional<String> known = Optional.empty();
  private Optional<Challenge> bearer = Optional.empty();
  private Duration ends = Duration.ZERO;

  /**
   * A login.
   *
   * @param scopes such as {@code repository:models:pull}
   */
  RegistryLogin(
      HttpClient client,
      Speed floor,
      Time time,
      Supplier<Optional<Account>> account,
      List<String> scopes) {
    this.client = client;
    this.floor = floor;
    this.time = time;
    this.account = account;
    this.scopes = List.copyOf(scopes);
  }

  @Override
  public synchronized Optional<String> authorization() {
    if (bearer.isEmpty() || time.elapsed().compareTo(ends) < 0) {
      return known;
    }
    try {
      known = token(bearer.get());
    } catch (HttpFailure e) {
      known = Optional.empty(); // the registry asks again, and then it counts
    }
    return known;
  }

  @Override
  public synchronized Optional<String> answer(Optional<String> refused, List<String> values)
      throws HttpFailure {
    if (known.isPresent() && !known.equals(refused)) {
      return known; // another thread was told meanwhile
    }
    List<Challenge> challenges = Challenge.parse(values);
    bearer = challenges.stream().filter(one -> one.scheme().equals("bearer")).findFirst();
    if (bearer.isPresent()) {
      known = token(bearer.get());
    } else if (challenges.stream().anyMatch(one -> one.scheme().equals("basic"))) {
      known = account.get().filter(one -> !one.isRefreshToken()).map(Account::basic);
    } else {
      known = Optional.empty();
    }
    return known;
  }

  private Optional<String> token(Challenge challenge) throws HttpFailure {
    SourceUrl realm = realm(challenge);
    boolean safe = realm.scheme().equals("https") || HttpClient.isLoopback(realm);
    Optional<Account> whose = safe ? account.get() : Optional.empty();
    Optional<String> service = Optional.ofNullable(challenge.parameters().get("service"));
    Send send =
        whose.isPresent() && whose.get().isRefreshToken()
            ? exchange(realm, service, whose.get())
            : ask(realm, service, whose);
    Reply reply = client.send(send.withMost(BOUNDS.bytes()), new Pace(floor, time));
    if (reply.status() != 200) {
      throw refused(realm, reply);
    }
    return Optional.of("Bearer " + read(realm, reply));
  }

  private static SourceUrl realm(Challenge challenge) throws HttpFailure {
    try {
      SourceUrl realm = SourceUrl.parse(challenge.parameters().getOrDefault("realm", ""));
      if (realm.scheme().startsWith("http")) {
        return realm;
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the text of the challenge.
    }
    throw new HttpFailure(
        Trouble.LOGIN, "the registry names no server that gives tokens (realm)", null);
  }

  /** One parameter for each scope. */
  private Send ask(SourceUrl realm, Optional<String> service, Optional<Account> whose) {
    String query =
        service.map(name -> "service=" + encode(name) + "&").orElse("")
            + scopes.stream().map(one -> "scope=" + encode(one)).collect(Collectors.joining("&"));
    String url = realm.uri().toString();
    SourceUrl whole = SourceUrl.parse(url + (url.indexOf('?') < 0 ? "?" : "&") + query);
    Send send = Send.of(Send.Method.GET, whole, Login.NONE);
    return whose.isPresent() ? send.with("Authorization", whose.get().basic()) : send;
  }

  /** OAuth 2: a refresh token is never sent as a password. */
  private Send exchange(SourceUrl realm, Optional<String> service, Account whose) {
    String form =
        "grant_type=refresh_token&client_id=modelbake&refresh_token="
            + encode(whose.secret())
            + service.map(name -> "&service=" + encode(name)).orElse("")
            + "&scope="
            + encode(String.join(" ", scopes));
    return Send.of(Send.Method.POST, realm, Login.NONE)
        .with("Content-Type", "application/x-www-form-urlencoded")
        .with(Send.Body.of(form.getBytes(StandardCharsets.UTF_8)));
  }

  private String read(SourceUrl realm, Reply reply) throws HttpFailure {
    try {
      if (JsonReader.read(reply.body(), BOUNDS) instanceof JsonObject json) {
        Optional<String> token = json.string("token").or(() -> accessToken(json));
        if (token.filter(RegistryLogin::isToken).isPresent()) {
          long seconds = json.whole("expires_in").orElse(USUAL.toSeconds());
          Duration lasts =
              Duration.ofSeconds(
                  Math.min(LONGEST.toSeconds(), Math.max(USUAL.toSeconds(), seconds)));
          ends = time.elapsed().plus(lasts).minus(MARGIN);
          return token.get();
        }
      }
    } catch (JsonException e) {
      // Told below, without the text of the answer.
    }
    throw new HttpFailure(
        Trouble.LOGIN, "%s answered without a token".formatted(realm.uri().getHost()), null);
  }

  private static Optional<String> accessToken(JsonObject json) {
    try {
      return json.string("access_token");
    } catch (JsonException e) {
      return Optional.empty();
    }
  }

  private static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  private static HttpFailure refused(SourceUrl realm, Reply reply) {
    if (reply.status() == 400 || reply.status() == 401 || reply.status() == 403) {
      return new HttpFailure(
          Trouble.LOGIN,
          "%s, which gives the registry's tokens, refused the login (HTTP %d)"
              .formatted(realm.uri().getHost(), reply.status()),
          null);
    }
    return reply.failure();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
