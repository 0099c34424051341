package io.margay.console.page;

import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Serves the built page from the class path. A path that the page's own router knows, such as
 * {@code /flows/web}, is no file: it gets {@code index.html}.
 */
public final class StaticFiles {
  /** Names that a build makes: no empty or hidden part, so no way up either. */
  private static final Pattern FILE =
      Pattern.compile("/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*");

  private static final String INDEX = "/index.html";
  private static final String HASHED_FILES = "/assets/";

  private static final Map<String, String> CONTENT_TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private final String root;

  private StaticFiles(String root) {
    this.root = root;
  }

  /**
   * The files below a folder of the class path.
   *
   * @param root begins and ends with a slash
   */
  public static StaticFiles ofClasspath(String root) {
    return new StaticFiles(root);
  }

  public void serve(Exchange exchange, String path) throws IOException {
    boolean isRoute = path.lastIndexOf('.') < path.lastIndexOf('/') || path.equals("/");
    String file = isRoute ? INDEX : path;
    String contentType = CONTENT_TYPES.get(file.substring(file.lastIndexOf('.') + 1));
    Optional<byte[]> content =
        contentType == null || !FILE.matcher(file).matches() ? Optional.empty() : read(file);
    if (content.isEmpty() || contentType == null) {
      throw HttpFailure.notFound(
          isRoute
              ? "this build has no web page, its API is in docs/api.md"
              : path + " does not exist");
    }
    // Hashed names never change their content; everything else is asked for again.
    exchange.setHeader(
        HttpHeader.CACHE_CONTROL,
        file.startsWith(HASHED_FILES) ? "public, max-age=31536000, immutable" : "no-cache");
    exchange.send(200, contentType, content.get());
  }

  private Optional<byte[]> read(String file) throws IOException {
    try (InputStream in = StaticFiles.class.getResourceAsStream(root + file.substring(1))) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    }
  }
}
