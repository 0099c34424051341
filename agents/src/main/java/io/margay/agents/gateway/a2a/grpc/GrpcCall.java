package io.margay.agents.gateway.a2a.grpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import io.margay.agents.gateway.Doors;
import io.margay.agents.gateway.http.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call: gRPC's side of it. It is served in a thread of its own, which alone answers; gRPC's
 * threads tell that the client is gone, or takes more.
 */
final class GrpcCall extends ServerCall.Listener<Message> {
  private static final Logger log = LoggerFactory.getLogger(GrpcCall.class);

  /** As long as a connection of our other server may be quiet. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final String TENANT = "tenant";

  /** What the registry could have as a name; nothing that a path reads otherwise. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

  private final ServerCall<Message, Message> call;
  private final Metadata headers;
  private final Doors doors;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Runnable onGone = () -> {};

  /** Of gRPC's thread. */
  private @Nullable Message request;

  /** Of the serving thread, as the next two. */
  private boolean hasBegun;

  private boolean hasAnswered;
  private boolean hasEnded;

  GrpcCall(ServerCall<Message, Message> call, Metadata headers, Doors doors) {
    this.call = call;
    this.headers = headers;
    this.doors = doors;
  }

  @Override
  public void onMessage(Message message) {
    request = message;
  }

  @Override
  public void onHalfClose() {
    Message whole = request;
    if (whole == null) {
      call.close(Status.INVALID_ARGUMENT.withDescription("there is no request"), new Metadata());
      return;
    }
    Thread.ofVirtual().name("a2a-grpc").start(() -> serve(whole));
  }

  @Override
  public void onReady() {
    tell();
  }

  @Override
  public void onCancel() {
    tell();
    onGone.run();
  }

  private void tell() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void serve(Message message) {
    try {
      String agent = agent(message);
      GrpcExchange exchange = new GrpcExchange(this, call, headers, withoutTenant(message));
      doors.serve(exchange, "/a2a/" + agent);
      exchange.finish();
      end(Status.OK, new Metadata());
    } catch (Refusal e) {
      end(Statuses.of(e), new Metadata());
    } catch (StatusException e) {
      Metadata trailers = e.getTrailers();
      end(e.getStatus(), trailers == null ? new Metadata() : trailers);
    } catch (IOException e) {
      log.debug("{} ended: {}", call.getMethodDescriptor().getFullMethodName(), e.toString());
      end(Status.ABORTED.withDescription(e.getMessage()), new Metadata());
    } catch (RuntimeException e) {
      log.error("{} failed", call.getMethodDescriptor().getFullMethodName(), e);
      end(Status.INTERNAL, new Metadata());
    }
  }

  private static String agent(Message message) throws StatusException {
    FieldDescriptor tenant = message.getDescriptorForType().findFieldByName(TENANT);
    String name = String.valueOf(message.getField(tenant));
    if (name.isEmpty()) {
      throw Status.INVALID_ARGUMENT
          .withDescription("tenant: empty; write the name of the agent, as its card does")
          .asException();
    }
    if (!NAME.matcher(name).matches()) {
      throw Status.NOT_FOUND
          .withDescription("tenant \"" + name + "\": no agent can have this name")
          .asException();
    }
    return name;
  }

  /** It means something to us; what it would mean to the agent is not known. */
  private static Message withoutTenant(Message message) {
    FieldDescriptor tenant = message.getDescriptorForType().findFieldByName(TENANT);
    return message.toBuilder().clearField(tenant).build();
  }

  /** Calls back when the client is gone. */
  void onGone(Runnable action) {
    onGone = action;
    if (call.isCancelled()) {
      action.run();
    }
  }

  boolean hasBegun() {
    return hasBegun;
  }

  /** Tells the client that there will be answers. */
  void begin() {
    if (!hasBegun && !hasEnded) {
      hasBegun = true;
      call.sendHeaders(new Metadata());
    }
  }

  /** Answers, once the client takes more; after the end nothing happens. */
  void answer(Message message) throws IOException {
    if (hasEnded) {
      return;
    }
    if (hasAnswered && call.getMethodDescriptor().getType().serverSendsOneMessage()) {
      throw new IOException("the agent answered twice");
    }
    begin();
    awaitReady();
    hasAnswered = true;
    call.sendMessage(message);
  }

  /** A client that is slow keeps its agent waiting, and not its answers in our memory. */
  private void awaitReady() throws IOException {
    lock.lock();
    try {
      while (!call.isReady()) {
        if (call.isCancelled()) {
          throw new IOException("the client is gone");
        }
        if (!changed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new IOException("the client takes no answers");
        }
      }
    } catch (InterruptedException e) {
      throw new IOException("the call was cut off", e);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the call, the first time. */
  void end(Status status, Metadata trailers) {
    if (hasEnded) {
      return;
    }
    hasEnded = true;
    if (status.isOk()
        && !hasAnswered
        && call.getMethodDescriptor().getType().serverSendsOneMessage()) {
      call.close(Status.INTERNAL.withDescription("the agent gave no answer"), new Metadata());
      return;
    }
    call.close(status, trailers);
  }
}
