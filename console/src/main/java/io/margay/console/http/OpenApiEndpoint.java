package io.margay.console.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** Serves the description of the API, which is written as YAML in {@code docs/openapi.yaml}. */
public final class OpenApiEndpoint {
  private static final String FILE = "/openapi.yaml";

  private final byte[] document;

  public OpenApiEndpoint() {
    try (InputStream in =
        Objects.requireNonNull(OpenApiEndpoint.class.getResourceAsStream(FILE), FILE)) {
      this.document = new JsonMapper().writeValueAsBytes(new YAMLMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException("the build is damaged: " + FILE + " cannot be read", e);
    }
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/v1/openapi.json", this::serve).forEverybody());
  }

  private void serve(Exchange exchange) throws IOException {
    exchange.send(200, "application/json", document);
  }
}
