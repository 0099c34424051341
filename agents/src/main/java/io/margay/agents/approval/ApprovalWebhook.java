package io.margay.agents.approval;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Approval;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a system of the organisation, a chat for example, that a call waits. It posts JSON to one
 * configured URL and follows no redirect, so that nothing in a call can choose where it goes. The
 * header {@code X-Margay-Signature} is {@code sha256=} and the HMAC of the time in {@code
 * X-Margay-Time}, a dot and the body. Telling is best effort: approvals are read from the store.
 */
public final class ApprovalWebhook implements Consumer<Approval>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ApprovalWebhook.class);

  private static final int WAITING = 1_000;
  private static final int TRIES = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final URI url;
  private final SecretKeySpec secret;
  private final InstantSource clock;
  private final HttpClient client;
  private final BlockingQueue<Approval> queue = new ArrayBlockingQueue<>(WAITING);
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread;

  /**
   * Begins to tell.
   *
   * @param url as configured; http or https
   * @param secret shared with the receiver, at least 16 bytes
   */
  public ApprovalWebhook(URI url, byte[] secret, InstantSource clock) {
    if (!"https".equals(url.getScheme()) && !"http".equals(url.getScheme())) {
      throw new IllegalArgumentException(url + ": not an http or https URL");
    }
    if (secret.length < 16) {
      throw new IllegalArgumentException("the secret of a webhook has at least 16 bytes");
    }
    this.url = url;
    this.secret = new SecretKeySpec(secret, "HmacSHA256");
    this.clock = clock;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
    this.thread = Thread.ofVirtual().name("approval-webhook").start(this::run);
  }

  /** Tells of a held call soon; when too many wait to be told, it is counted as lost. */
  @Override
  public void accept(Approval approval) {
    if (!queue.offer(approval)) {
      lost.incrementAndGet();
    }
  }

  /** How many the receiver has taken. */
  public long sent() {
    return sent.get();
  }

  /** How many it was not told of. */
  public long lost() {
    return lost.get();
  }

  private void run() {
    try {
      while (true) {
        send(queue.take());
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    }
  }

  private void send(Approval approval) throws InterruptedException {
    String problem = "";
    for (int i = 0; i < TRIES; i++) {
      if (i > 0) {
        Thread.sleep(PAUSE);
      }
      try {
        int status =
            client.send(request(approval), HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status / 100 == 2) {
          sent.incrementAndGet();
          return;
        }
        problem = "it answers " + status;
      } catch (IOException e) {
        problem = e.toString();
      }
    }
    lost.incrementAndGet();
    log.warn("Could not tell {} of {}: {}", url, approval.key(), problem);
  }

  private HttpRequest request(Approval approval) {
    String body = body(approval);
    String time = Long.toString(clock.instant().getEpochSecond());
    return HttpRequest.newBuilder(url)
        .timeout(TIMEOUT)
        .header("Content-Type", "application/json")
        .header("X-Margay-Time", time)
        .header("X-Margay-Signature", "sha256=" + hmac(time + "." + body))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private String hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has HMAC-SHA-256", e);
    }
  }

  private static String body(Approval approval) {
    Approval.Spec spec = approval.spec();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("approval", approval.metadata().name())
        .put("agent", spec.agent())
        .put("user", spec.user())
        .put("action", spec.action())
        .put("target", spec.target())
        .put("arguments", spec.arguments())
        .put("argumentsHash", spec.argumentsHash())
        .put("count", spec.count())
        .put("expires", String.valueOf(spec.expires()));
    spec.approvers().forEach(json.putArray("approvers")::add);
    spec.policies().forEach(json.putArray("policies")::add);
    return json.toString();
  }

  @Override
  public void close() {
    thread.interrupt();
    client.shutdownNow();
  }
}
