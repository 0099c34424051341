package io.margay.agents.identity.http;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.margay.agents.identity.token.KeyRotation;
import io.margay.agents.identity.token.RotatingKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A small OpenID provider on the loopback address, for demos and tests: discovery, keys, and tokens
 * for a fixed list of people by their secrets. Its keys are gone when it stops.
 */
public final class EmbeddedIssuer implements AutoCloseable {
  private static final Duration LIFETIME = Duration.ofMinutes(30);

  private final Map<String, Person> people;
  private final String audience;
  private final RotatingKeys keys;
  private final InstantSource clock;
  private final Server server;
  private final ServerConnector connector;

  /**
   * Somebody who can get tokens.
   *
   * @param secret in place of a sign-in page
   * @param scopes what this person's tokens may allow
   */
  public record Person(String secret, List<String> groups, Set<String> scopes) {

    public Person {
      groups = List.copyOf(groups);
      scopes = Set.copyOf(scopes);
    }
  }

  private EmbeddedIssuer(
      int port, Map<String, Person> people, String audience, InstantSource clock) {
    this.people = Map.copyOf(people);
    this.audience = audience;
    this.clock = clock;
    this.keys = RotatingKeys.inMemory(new KeyRotation.Timing(Duration.ofDays(1), LIFETIME), clock);
    QueuedThreadPool threads = new QueuedThreadPool(8, 2);
    threads.setName("issuer");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("issuer-", 0).factory()));
    this.server = new Server(threads);
    this.server.setStopTimeout(0);
    this.connector = new ServerConnector(server, 1, 1);
    this.connector.setHost("127.0.0.1");
    this.connector.setPort(port);
    this.server.addConnector(connector);
    this.server.setHandler(new Routes());
  }

  /**
   * Starts one.
   *
   * @param port 0 for any free one
   * @param people by name
   * @param audience whom the tokens are for: the gateway
   */
  public static EmbeddedIssuer start(
      int port, Map<String, Person> people, String audience, InstantSource clock)
      throws IOException {
    EmbeddedIssuer issuer = new EmbeddedIssuer(port, people, audience, clock);
    try {
      issuer.server.start();
    } catch (Exception e) {
      issuer.close();
      throw new IOException("the issuer cannot serve on 127.0.0.1:" + port, e);
    }
    return issuer;
  }

  /** Its name, which is where it is. */
  public String issuer() {
    return "http://127.0.0.1:" + connector.getLocalPort();
  }

  /**
   * A token for a person of the list.
   *
   * @param scope what is wanted; what the person does not have is left out
   */
  public String token(String name, Set<String> scope) {
    Person person = people.get(name);
    if (person == null) {
      throw new IllegalArgumentException("issuer: nobody is called " + name);
    }
    return token(name, person, scope, LIFETIME);
  }

  private String token(String name, Person person, Set<String> scope, Duration lifetime) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    TreeSet<String> granted = new TreeSet<>(scope);
    granted.retainAll(person.scopes);
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer());
    claims.put("sub", name);
    claims.put("aud", audience);
    claims.put("client_id", name);
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(lifetime).getEpochSecond());
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("scope", String.join(" ", granted));
    claims.put("groups", person.groups);
    return keys.sign("at+jwt", claims);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the issuer does not stop", e);
    }
  }

  private final class Routes extends Handler.Abstract {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      switch (request.getHttpURI().getDecodedPath()) {
        case "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server" ->
            JsonAnswers.send(response, callback, 200, metadata());
        case "/jwks" ->
            JsonAnswers.sendText(
                response,
                callback,
                200,
                JSONObjectUtils.toJSONString(keys.publicKeys().toJSONObject(true)));
        case "/token" -> answer(request, response, callback);
        default -> {
          return false;
        }
      }
      return true;
    }

    private void answer(Request request, Response response, Callback callback) {
      try {
        JsonAnswers.sendSecret(response, callback, 200, tokenFor(request));
      } catch (TokenErrorException e) {
        JsonAnswers.sendError(response, callback, e);
      } catch (IOException e) {
        // The client went away while it wrote.
        callback.failed(e);
      }
    }

    private Map<String, Object> tokenFor(Request request) throws IOException, TokenErrorException {
      Form form = Form.read(request);
      if (!form.required("grant_type").equals("client_credentials")) {
        throw new TokenErrorException(
            400, "unsupported_grant_type", "grant_type is not client_credentials");
      }
      String[] credentials = credentials(request, form);
      Person person = people.get(credentials[0]);
      if (person == null || !sameSecret(person.secret, credentials[1])) {
        throw new TokenErrorException(401, "invalid_client", "name or secret is wrong");
      }
      Set<String> scope = form.words("scope");
      if (!person.scopes.containsAll(scope)) {
        throw new TokenErrorException(400, "invalid_scope", "the person has not all of the scope");
      }
      Map<String, Object> body = new LinkedHashMap<>();
      body.put(
          "access_token",
          token(credentials[0], person, scope.isEmpty() ? person.scopes : scope, LIFETIME));
      body.put("token_type", "Bearer");
      body.put("expires_in", LIFETIME.toSeconds());
      return body;
    }

    private Map<String, Object> metadata() {
      Map<String, Object> metadata = new LinkedHashMap<>();
      metadata.put("issuer", issuer());
      metadata.put("jwks_uri", issuer() + "/jwks");
      metadata.put("token_endpoint", issuer() + "/token");
      metadata.put("grant_types_supported", List.of("client_credentials"));
      metadata.put(
          "token_endpoint_auth_methods_supported",
          List.of("client_secret_basic", "client_secret_post"));
      metadata.put("response_types_supported", List.of("token"));
      metadata.put("subject_types_supported", List.of("public"));
      metadata.put("id_token_signing_alg_values_supported", List.of("ES256"));
      return metadata;
    }
  }

  private static String[] credentials(Request request, Form form) throws TokenErrorException {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (header == null) {
      return new String[] {form.required("client_id"), form.required("client_secret")};
    }
    if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
      try {
        String pair =
            new String(
                Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        if (colon > 0) {
          return new String[] {pair.substring(0, colon), pair.substring(colon + 1)};
        }
      } catch (IllegalArgumentException e) {
        // Falls through to the refusal below.
      }
    }
    throw new TokenErrorException(401, "invalid_client", "Authorization is not Basic");
  }

  private static boolean sameSecret(String known, String shown) {
    return MessageDigest.isEqual(
        known.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
  }
}
