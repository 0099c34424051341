package io.margay.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The parts of a Kubernetes API server and of an identity provider that sign-in needs, over real
 * HTTP: token and access reviews by a list of grants, and the code flow with signed tokens.
 */
final class FakeCluster implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final Map<String, String> usersByToken = new HashMap<>();

  /** Each is {@code user verb resource namespace}; {@code *} in the last place is everywhere. */
  final Set<String> grants = new HashSet<>();

  final AtomicInteger accessReviews = new AtomicInteger();
  volatile boolean broken;

  /** What the provider puts into the next token; a test may spoil it. */
  volatile String nonce = "";

  volatile String audience = "margay";
  volatile String challenge = "";

  private final RSAKey key;
  private final HttpServer server;

  FakeCluster() throws IOException {
    try {
      this.key = new RSAKeyGenerator(2048).keyID("k1").generate();
    } catch (JOSEException e) {
      throw new IOException(e);
    }
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/apis/authentication.k8s.io/v1/tokenreviews", this::tokenReview);
    server.createContext("/apis/authorization.k8s.io/v1/subjectaccessreviews", this::accessReview);
    server.createContext("/idp/.well-known/openid-configuration", this::provider);
    server.createContext(
        "/idp/jwks", e -> answer(e, 200, new JWKSet(key.toPublicJWK()).toString()));
    server.createContext("/idp/authorize", this::authorize);
    server.createContext("/idp/token", this::token);
    server.start();
  }

  /** For a browser this is another site than a console at 127.0.0.1, as a provider is. */
  URI uri(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  private void tokenReview(HttpExchange exchange) throws IOException {
    ObjectNode review = (ObjectNode) JSON.readTree(exchange.getRequestBody());
    String user = usersByToken.get(review.at("/spec/token").asText());
    ObjectNode status = review.putObject("status").put("authenticated", user != null);
    if (user != null) {
      status.putObject("user").put("username", user).putArray("groups").add("system:authenticated");
    }
    answer(exchange, broken ? 500 : 201, review.toString());
  }

  private void accessReview(HttpExchange exchange) throws IOException {
    accessReviews.incrementAndGet();
    ObjectNode review = (ObjectNode) JSON.readTree(exchange.getRequestBody());
    JsonNode asked = review.at("/spec/resourceAttributes");
    String action =
        review.at("/spec/user").asText()
            + " "
            + asked.path("verb").asText()
            + " "
            + asked.path("resource").asText()
            + " ";
    boolean allowed =
        grants.contains(action + "*") || grants.contains(action + asked.path("namespace").asText());
    review.putObject("status").put("allowed", allowed);
    answer(exchange, broken ? 500 : 201, review.toString());
  }

  private void provider(HttpExchange exchange) throws IOException {
    ObjectNode metadata =
        JSON.createObjectNode()
            .put("issuer", uri("/idp").toString())
            .put("authorization_endpoint", uri("/idp/authorize").toString())
            .put("token_endpoint", uri("/idp/token").toString())
            .put("jwks_uri", uri("/idp/jwks").toString());
    metadata.putArray("response_types_supported").add("code");
    metadata.putArray("subject_types_supported").add("public");
    metadata.putArray("id_token_signing_alg_values_supported").add("RS256");
    answer(exchange, 200, metadata.toString());
  }

  /** Asks a person in a browser what to send back. */
  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> asked = fields(exchange.getRequestURI().getRawQuery());
    nonce = asked.get("nonce");
    challenge = asked.get("code_challenge");
    String back = URLDecoder.decode(asked.get("redirect_uri"), StandardCharsets.UTF_8);
    String state = "&state=" + asked.get("state");
    String page =
        """
        <!doctype html><title>Example organisation</title>
        <a href="%1$s?code=good%2$s">I am Ann</a>
        <a href="%1$s?code=bad%2$s">Give a wrong code</a>
        <a href="%1$s?error=access_denied%2$s">Let me not in</a>
        """
            .formatted(back, state);
    answer(exchange, 200, page, "text/html");
  }

  private static Map<String, String> fields(String form) {
    Map<String, String> fields = new HashMap<>();
    for (String field : form.split("&")) {
      fields.put(field.split("=", 2)[0], field.split("=", 2)[1]);
    }
    return fields;
  }

  /** Gives a token for the code {@code good}, if the verifier belongs to the challenge. */
  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> fields =
        fields(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    if (!"good".equals(fields.get("code"))
        || !challenge.equals(s256(fields.get("code_verifier")))) {
      answer(exchange, 400, "{\"error\": \"invalid_grant\"}");
      return;
    }
    String token = idToken();
    usersByToken.put(token, "ann");
    answer(
        exchange,
        200,
        JSON.createObjectNode()
            .put("access_token", "x")
            .put("token_type", "Bearer")
            .put("id_token", token)
            .toString());
  }

  private static String s256(String verifier) {
    try {
      byte[] digest =
          java.security.MessageDigest.getInstance("SHA-256")
              .digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String idToken() throws IOException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build(),
            new JWTClaimsSet.Builder()
                .issuer(uri("/idp").toString())
                .subject("ann-at-idp")
                .audience(audience)
                .claim("nonce", nonce)
                .issueTime(new Date())
                .expirationTime(new Date(System.currentTimeMillis() + 60_000))
                .build());
    try {
      token.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IOException(e);
    }
    return token.serialize();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    answer(exchange, status, body, "application/json");
  }

  private static void answer(HttpExchange exchange, int status, String body, String contentType)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", contentType);
    exchange.sendResponseHeaders(status, bytes.length);
    try (exchange) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
