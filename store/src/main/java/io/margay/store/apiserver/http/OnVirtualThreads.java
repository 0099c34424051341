package io.margay.store.apiserver.http;

import java.util.concurrent.Executor;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Serves every request on a virtual thread, which may block for as long as the answer takes. A
 * server with an executor for virtual threads does so by itself, but not for a request that comes
 * together with the end of its TLS handshake (Jetty 12.1): that one gets a thread of the pool, and
 * as many streams as the pool has threads would stop the server.
 */
public final class OnVirtualThreads extends Handler.Wrapper {
  private final Executor threads;

  /**
   * @param threads gives each task a virtual thread
   */
  public OnVirtualThreads(Executor threads, Handler handler) {
    super(handler);
    this.threads = threads;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (Thread.currentThread().isVirtual()) {
      return super.handle(request, response, callback);
    }
    threads.execute(() -> serve(request, response, callback));
    return true;
  }

  private void serve(Request request, Response response, Callback callback) {
    try {
      if (!super.handle(request, response, callback)) {
        Response.writeError(request, response, callback, 404);
      }
    } catch (Exception e) {
      Response.writeError(request, response, callback, e);
    }
  }
}
