package io.margay.store.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Talks to a server the way its kubeconfig says, with plain HTTP requests. */
final class ApiClient implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final String server;
  private final String token;

  /** An answer, its body parsed where it is JSON. */
  record Answer(HttpResponse<String> response, JsonNode body) {
    int status() {
      return response.statusCode();
    }

    String at(String pointer) {
      return body.at(pointer).asText();
    }
  }

  private ApiClient(HttpClient http, String server, String token) {
    this.http = http;
    this.server = server;
    this.token = token;
  }

  static ApiClient of(Path kubeconfig) throws Exception {
    JsonNode config = new YAMLMapper().readTree(kubeconfig.toFile());
    return of(kubeconfig, config.at("/users/0/user/token").asText(), new KeyManager[0]);
  }

  static ApiClient of(Path kubeconfig, String token, KeyManager... clientKeys) throws Exception {
    JsonNode config = new YAMLMapper().readTree(kubeconfig.toFile());
    byte[] ca =
        Base64.getDecoder()
            .decode(config.at("/clusters/0/cluster/certificate-authority-data").asText());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(ca)));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(clientKeys, trust.getTrustManagers(), null);
    return new ApiClient(
        HttpClient.newBuilder().sslContext(context).build(),
        config.at("/clusters/0/cluster/server").asText(),
        token);
  }

  Answer get(String path, String... headers) throws Exception {
    return send("GET", path, "", headers);
  }

  Answer post(String path, String json) throws Exception {
    return send("POST", path, json, "Content-Type", "application/json");
  }

  Answer put(String path, String json) throws Exception {
    return send("PUT", path, json, "Content-Type", "application/json");
  }

  Answer patch(String path, String type, String patch) throws Exception {
    return send("PATCH", path, patch, "Content-Type", type);
  }

  Answer delete(String path) throws Exception {
    return send("DELETE", path, "");
  }

  /** Single quotes in bodies are double quotes. */
  Answer send(String method, String path, String body, String... headers) throws Exception {
    HttpRequest request =
        request(path, headers)
            .method(method, BodyPublishers.ofString(body.replace('\'', '"')))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    String type = response.headers().firstValue("Content-Type").orElse("");
    JsonNode json =
        type.startsWith("application/json")
            ? JSON.readTree(response.body())
            : JSON.createObjectNode();
    return new Answer(response, json);
  }

  /** The frames of a watch, as they come, until the server ends it. */
  Stream<JsonNode> watch(String path, String... headers) throws Exception {
    HttpResponse<Stream<String>> response =
        http.send(request(path, headers).GET().build(), BodyHandlers.ofLines());
    if (response.statusCode() != 200) {
      throw new AssertionError("watch refused: " + response.statusCode());
    }
    return response
        .body()
        .map(line -> {
          try {
            return JSON.readTree(line);
          } catch (IOException e) {
            throw new AssertionError(line, e);
          }
        });
  }

  /** A watch whose frames the client does not read. */
  InputStream openAndIgnore(String path) throws Exception {
    return http.send(request(path).GET().build(), BodyHandlers.ofInputStream()).body();
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path.replace(" ", "%20")))
            .timeout(Duration.ofSeconds(60));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
