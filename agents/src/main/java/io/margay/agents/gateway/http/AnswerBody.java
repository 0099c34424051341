package io.margay.agents.gateway.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.client.Response;

/**
 * The body of an answer. To close it before its end ends the answer at once, with its connection,
 * also while another thread reads.
 */
final class AnswerBody extends FilterInputStream {
  private final Response response;
  private volatile boolean atEnd;

  AnswerBody(InputStream body, Response response) {
    super(body);
    this.response = response;
  }

  @Override
  public int read() throws IOException {
    int next = in.read();
    atEnd |= next < 0;
    return next;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = in.read(bytes, offset, length);
    atEnd |= count < 0;
    return count;
  }

  @Override
  public void close() throws IOException {
    if (!atEnd) {
      response.abort(new IOException("the answer is not wanted any more"));
    }
    in.close();
  }
}
