package io.margay.agents.approval;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Approval;
import io.margay.model.resource.Approval.State;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
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
 * X-Margay-Time}, a dot and the body. Telling is best effort, within bounds of tries and of calls
 * that wait to be told: approvals are read from the store.
 */
public final class ApprovalWebhook implements Consumer<Approval>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ApprovalWebhook.class);

  /** A receiver may be restarted while a call waits; the pauses between the tries double. */
  private static final Retries RETRIES = new Retries(6, Duration.ofSeconds(2));

  private static final int SHORTEST_SECRET = 16;
  private static final int MOST_WAITING = 1_000;
  private static final int MOST_AT_ONCE = 4;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Target target;
  private final Retries retries;
  private final SecretKeySpec secret;
  private final InstantSource clock;
  private final HttpClient client;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("approval-webhook-", 0).factory());
  private final Semaphore waiting = new Semaphore(MOST_WAITING);
  private final Semaphore atOnce = new Semaphore(MOST_AT_ONCE);
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();

  /**
   * Whom to tell.
   *
   * @param url as configured; http or https
   * @param secret shared with the receiver, at least 16 bytes
   */
  public record Target(URI url, String secret) {
    public Target {
      boolean http = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
      if (!http || url.getHost() == null) {
        throw new IllegalArgumentException(
            "webhook "
                + url
                + ": not an http or https URL; write one like https://chat.example/in");
      }
      if (secret.getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET) {
        throw new IllegalArgumentException(
            "the secret of webhook %s is too short: write %d bytes or more"
                .formatted(url, SHORTEST_SECRET));
      }
    }

    /** The secret is nobody's to read. */
    @Override
    public String toString() {
      return url.toString();
    }
  }

  /**
   * How often to try.
   *
   * @param tries at least one
   * @param pause before the second; twice as long before each further one
   */
  record Retries(int tries, Duration pause) {}

  /** One that tells with the usual patience. */
  public ApprovalWebhook(Target target, InstantSource clock) {
    this(target, RETRIES, clock);
  }

  ApprovalWebhook(Target target, Retries retries, InstantSource clock) {
    this.target = target;
    this.retries = retries;
    this.secret = new SecretKeySpec(target.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    this.clock = clock;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
  }

  /**
   * Tells of all that is asked for at a desk from now on, and of what waits there already: nobody
   * knows whether that was told before a restart. A receiver knows a call again by its name.
   */
  public void follow(ApprovalDesk desk) {
    desk.onAsked(this);
    desk.list().stream().filter(approval -> desk.stateOf(approval) == State.PENDING).forEach(this);
  }

  /** Tells of a held call soon; when too many wait to be told, it is counted as lost. */
  @Override
  public void accept(Approval approval) {
    if (!waiting.tryAcquire()) {
      lost(approval, MOST_WAITING + " others wait to be told already");
      return;
    }
    try {
      threads.execute(() -> tell(approval));
    } catch (RejectedExecutionException e) {
      waiting.release();
      lost(approval, "the gateway stops");
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

  private void lost(Approval approval, String problem) {
    log.warn(
        "Could not tell {} of {}: {}; {} lost since the start",
        target,
        approval.key(),
        problem,
        lost.incrementAndGet());
  }

  /** Each has a thread of its own: one that is tried again keeps no other waiting. */
  private void tell(Approval approval) {
    try {
      tryToTell(approval);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      lost(approval, "the gateway stops");
    } finally {
      waiting.release();
    }
  }

  private void tryToTell(Approval approval) throws InterruptedException {
    String problem = "";
    Duration pause = retries.pause();
    for (int i = 0; i < retries.tries(); i++) {
      if (i > 0) {
        Thread.sleep(pause);
        pause = pause.multipliedBy(2);
      }
      if (isOver(approval)) {
        lost(approval, "its time is over" + (problem.isEmpty() ? "" : ", and " + problem));
        return;
      }
      try {
        int status = post(approval);
        if (status / 100 == 2) {
          sent.incrementAndGet();
          return;
        }
        problem = "it answers " + status;
      } catch (IOException e) {
        problem = e.toString();
      }
    }
    lost(approval, problem);
  }

  private int post(Approval approval) throws IOException, InterruptedException {
    atOnce.acquire();
    try {
      return client.send(request(approval), HttpResponse.BodyHandlers.discarding()).statusCode();
    } finally {
      atOnce.release();
    }
  }

  private boolean isOver(Approval approval) {
    return ApprovalRules.stateOf(approval, clock.instant()) == State.EXPIRED;
  }

  private HttpRequest request(Approval approval) {
    String body = body(approval);
    String time = Long.toString(clock.instant().getEpochSecond());
    return HttpRequest.newBuilder(target.url())
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
        .put("target", spec.target());
    if (!spec.hashOnly()) {
      json.put("arguments", spec.arguments());
    }
    json.put("argumentsHash", spec.argumentsHash())
        .put("count", spec.count())
        .put("expires", String.valueOf(spec.expires()));
    spec.approvers().forEach(json.putArray("approvers")::add);
    spec.policies().forEach(json.putArray("policies")::add);
    return json.toString();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.shutdownNow();
  }
}
