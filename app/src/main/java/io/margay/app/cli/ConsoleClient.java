package io.margay.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.app.state.ConsoleToken;
import io.margay.app.state.RunningDemo;
import io.margay.app.state.StateFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Asks the console of a running node or demo. */
final class ConsoleClient implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /** For consoles of others, as in a cluster: a token that they know. */
  private static final String TOKEN_VARIABLE = "MARGAY_CONSOLE_TOKEN";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String base;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /** Empty for a console that takes guests, or that will refuse us. */
  private final Optional<String> token;

  private ConsoleClient(String base, Optional<String> token) {
    this.base = base;
    this.token = token;
  }

  /**
   * The console at an address, or else that of this user's demo, or of this user's {@code up}.
   *
   * @param address empty to look for one
   */
  static ConsoleClient of(Optional<String> address) {
    StateFolder state = StateFolder.ofUser();
    String found =
        address
            .or(() -> RunningDemo.find(state).map(RunningDemo::console))
            .or(() -> ConsoleToken.ofUp(state).map(ConsoleToken::console))
            .orElseThrow(() ->
                new CommandFailure(
                    "no demo is running: start \"margay demo\", or name a console with"
                        + " --console http://127.0.0.1:PORT"));
    String base = found.endsWith("/") ? found.substring(0, found.length() - 1) : found;
    return new ConsoleClient(base, token(state, base));
  }

  /** The token that the user gives, or that this user's own console has written. */
  private static Optional<String> token(StateFolder state, String base) {
    return Optional.ofNullable(System.getenv(TOKEN_VARIABLE))
        .filter(given -> !given.isBlank())
        .map(String::strip)
        .or(() -> ConsoleToken.find(state, base).map(ConsoleToken::token));
  }

  /** The JSON at a path. */
  JsonNode get(String path, Map<String, String> query) {
    return json(send(request(path, query).timeout(PATIENCE).build()));
  }

  /** The JSON that answers a change. */
  JsonNode post(String path, JsonNode body) {
    return json(
        send(
            request(path, Map.of())
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build()));
  }

  /** Where a path is, for a browser. */
  String address(String path) {
    return base + path;
  }

  /** The JSON at a path, or nothing if that does not exist. */
  Optional<JsonNode> find(String path) {
    HttpResponse<InputStream> response =
        exchange(request(path, Map.of()).timeout(PATIENCE).build());
    if (response.statusCode() == 404) {
      body(response); // to be done with the connection
      return Optional.empty();
    }
    return Optional.of(json(checked(response)));
  }

  /**
   * Hands over the data of each event of a stream until the stream ends.
   *
   * @param lastId where an earlier stream ended; empty at first
   * @param gap is told the reason when something may be missing between two streams
   * @return the id of the last event that had one
   */
  String follow(
      String path,
      Map<String, String> query,
      String lastId,
      Consumer<JsonNode> flow,
      Consumer<String> gap) {
    HttpRequest.Builder request = request(path, query);
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    String id = lastId;
    String name = "";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(send(request.build()).body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          name = "";
        } else if (line.startsWith("id: ")) {
          id = line.substring("id: ".length());
        } else if (line.startsWith("event: ")) {
          name = line.substring("event: ".length());
        } else if (line.startsWith("data: ") && name.isEmpty()) {
          flow.accept(JSON.readTree(line.substring("data: ".length())));
        } else if (line.startsWith("data: ") && name.equals("gap")) {
          gap.accept(JSON.readTree(line.substring("data: ".length())).path("reason").asText());
        }
      }
      return id;
    } catch (IOException e) {
      // The stream broke off; what was missed comes with the next one.
      return id;
    }
  }

  private HttpRequest.Builder request(String path, Map<String, String> query) {
    String parameters =
        query.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
              URI.create(base + path + (parameters.isEmpty() ? "" : "?" + parameters)));
      token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
      return request;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          "\"" + base + "\" is not the address of a console, write http://127.0.0.1:PORT", e);
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) {
    return checked(exchange(request));
  }

  private HttpResponse<InputStream> exchange(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException e) {
      throw new CommandFailure("no console answers at " + base + ", is it still running?", e);
    } catch (IOException e) {
      throw new CommandFailure("the console at " + base + " broke off: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }

  private HttpResponse<InputStream> checked(HttpResponse<InputStream> response) {
    if (response.statusCode() == 200) {
      return response;
    }
    String body = body(response);
    String error;
    try {
      error = JSON.readTree(body).path("error").asText();
    } catch (JsonProcessingException e) {
      error = "";
    }
    if (response.statusCode() == 401) {
      throw new CommandFailure(
          base
              + " wants to know who asks: run the command as the user who runs the console, or put"
              + " a token into "
              + TOKEN_VARIABLE);
    }
    throw new CommandFailure(
        error.isEmpty()
            ? base + " is no console: it answers with status " + response.statusCode()
            : error);
  }

  private JsonNode json(HttpResponse<InputStream> response) {
    try {
      return JSON.readTree(body(response));
    } catch (JsonProcessingException e) {
      throw new CommandFailure(base + " is no console: it does not answer with JSON", e);
    }
  }

  private String body(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailure("the console at " + base + " broke off: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
