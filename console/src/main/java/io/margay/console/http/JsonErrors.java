package io.margay.console.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Tells the errors that the server finds by itself, as in a malformed request, like all others. */
public final class JsonErrors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    SecurityHeaders.addTo(response.getHeaders());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Object said = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
    // What made the server itself fail is not for strangers; that goes to its log.
    String message =
        said == null || HttpStatus.isServerError(response.getStatus())
            ? HttpStatus.getMessage(response.getStatus())
            : said.toString();
    response.write(
        true,
        ByteBuffer.wrap(Json.failure(new HttpFailure(response.getStatus(), message))),
        callback);
    return true;
  }
}
