package io.margay.kernel.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.margay.kernel.Errno;
import io.margay.kernel.KernelException;
import io.margay.kernel.libc.Fd;
import io.margay.kernel.libc.Libc;
import io.margay.kernel.netns.NetworkNamespace;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A netlink socket in one namespace, usable from any thread. Requests wait for their answer, one at
 * a time. A socket that joined a multicast group must be read by a {@link NetlinkListener} and
 * nothing else.
 */
public final class NetlinkSocket implements AutoCloseable {
  /** The kernel subsystem at the other end. */
  public enum Family {
    ROUTE(0),
    NETFILTER(12);

    private final int number;

    Family(int number) {
      this.number = number;
    }
  }

  private static final int AF_NETLINK = 16;
  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int SOCKADDR_NL_BYTES = 12;

  /** Dumps come in parts of up to 32 KiB. */
  private static final int BUFFER_BYTES = 64 * 1024;

  private static final int MAX_DUMP_ATTEMPTS = 5;
  private static final int ERROR_MESSAGE_ATTRIBUTE = 1;
  private static final int ACK_CAPPED = 0x100;
  private static final int ACK_HAS_ATTRIBUTES = 0x200;

  private final Fd fd;
  private int sequence;

  private NetlinkSocket(Fd fd) {
    this.fd = fd;
  }

  /** Opens a socket inside a namespace. */
  public static NetlinkSocket open(NetworkNamespace namespace, Family family) {
    Fd fd =
        namespace.run(
            () -> Libc.socket(AF_NETLINK, Libc.SOCK_RAW, family.number, "netlink " + family));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(SOCKADDR_NL_BYTES, 4);
      address.set(JAVA_SHORT, 0, (short) AF_NETLINK);
      Libc.bind(fd, address);
      Libc.setOption(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
      return new NetlinkSocket(fd);
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  /** Subscribes to a multicast group. */
  public void join(int group) {
    Libc.setOption(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
  }

  /**
   * Asks for room for bursts, past the system's limit where that is permitted: with the default a
   * few hundred events overflow it.
   */
  public void setReceiveBuffer(int bytes) {
    try {
      Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, bytes);
    } catch (KernelException e) {
      if (!e.is(Errno.EPERM)) {
        throw e;
      }
      Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, bytes);
    }
  }

  /** Sets an option of the netlink level. */
  public void setNetlinkOption(int option, int value) {
    Libc.setOption(fd, SOL_NETLINK, option, value);
  }

  /**
   * Sends a request and waits until the kernel has done it.
   *
   * @param subject what the request is about, for the error
   * @throws KernelException with the message's name, the subject and the kernel's own words
   */
  public void request(MessageBuilder message, String subject) {
    exchange(message, subject, answer -> {});
  }

  /**
   * Asks for one thing.
   *
   * @return what {@code reader} makes of the first answer
   * @throws KernelException ENODATA when the kernel answers nothing
   */
  public <T> T query(MessageBuilder message, String subject, Function<Message, T> reader) {
    List<T> answers = new ArrayList<>();
    exchange(message, subject, answer -> answers.add(reader.apply(answer)));
    if (answers.isEmpty()) {
      throw new KernelException(message.name(), subject, Errno.ENODATA.number());
    }
    return answers.getFirst();
  }

  private synchronized void exchange(
      MessageBuilder message, String subject, Consumer<Message> answers) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
      int expected = send(arena, message, Flags.ACK);
      boolean[] done = new boolean[1];
      while (!done[0]) {
        receive(
            buffer,
            answer -> {
              if (answer.sequence() != expected) {
                return; // left over from a request that was refused halfway
              }
              if (answer.type() == Message.ERROR) {
                throwIfRefused(answer, message, subject);
                done[0] = true;
              } else {
                answers.accept(answer);
              }
            });
      }
    }
  }

  /**
   * Asks for a list. When changes interrupt it, it is asked for again.
   *
   * @param reader one message to an entry, or to null to leave it out
   */
  public synchronized <T> List<T> dump(
      MessageBuilder message, String subject, Function<Message, @Nullable T> reader) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
      List<T> entries = new ArrayList<>();
      for (int attempt = 0; attempt < MAX_DUMP_ATTEMPTS; attempt++) {
        entries.clear();
        if (dumpOnce(arena, buffer, message, subject, reader, entries)) {
          return entries;
        }
      }
      throw new KernelException(
          message.name(), subject, Errno.EAGAIN.number(), "it keeps changing");
    }
  }

  private <T> boolean dumpOnce(
      Arena arena,
      MemorySegment buffer,
      MessageBuilder message,
      String subject,
      Function<Message, @Nullable T> reader,
      List<T> entries) {
    int expected = send(arena, message, Flags.DUMP);
    boolean[] state = {false, true}; // done, consistent
    while (!state[0]) {
      receive(
          buffer,
          answer -> {
            if (answer.sequence() != expected) {
              return;
            }
            if ((answer.flags() & Flags.DUMP_INTERRUPTED) != 0) {
              state[1] = false;
            }
            switch (answer.type()) {
              case Message.DONE -> state[0] = true;
              case Message.ERROR -> throwIfRefused(answer, message, subject);
              default -> {
                T entry = reader.apply(answer);
                if (entry != null) {
                  entries.add(entry);
                }
              }
            }
          });
    }
    return state[1];
  }

  /**
   * Sends netfilter messages that the kernel takes together or not at all, and waits until it has.
   *
   * @param messages the first and the last are the envelope; those between are the content
   * @throws KernelException for the first one that is refused
   */
  public synchronized void batch(List<MessageBuilder> messages, String subject) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
      int first = sequence + 1;
      int last = sequence + messages.size() - 1; // the last one of the content
      ByteArrayOutputStream datagram = new ByteArrayOutputStream();
      for (MessageBuilder message : messages) {
        int number = ++sequence;
        datagram.writeBytes(message.build(number, number == last ? Flags.ACK : 0));
      }
      Libc.send(fd, arena.allocateFrom(JAVA_BYTE, datagram.toByteArray()), MemorySegment.NULL);
      List<KernelException> refusals = new ArrayList<>();
      boolean[] done = new boolean[1];
      while (!done[0]) {
        receive(
            buffer,
            answer -> {
              int index = answer.sequence() - first;
              if (answer.type() != Message.ERROR || index < 0 || index >= messages.size()) {
                return;
              }
              try {
                throwIfRefused(answer, messages.get(index), subject);
              } catch (KernelException e) {
                refusals.add(e);
              }
              // A refused envelope is the only answer; else the end of the content is always one.
              done[0] |= answer.sequence() == last || index == 0;
            });
      }
      if (!refusals.isEmpty()) {
        throw refusals.getFirst();
      }
    }
  }

  /** Sends without waiting for an answer. */
  private int send(Arena arena, MessageBuilder message, int flags) {
    int number = ++sequence;
    byte[] bytes = message.build(number, flags);
    Libc.send(fd, arena.allocateFrom(JAVA_BYTE, bytes), MemorySegment.NULL);
    return number;
  }

  /**
   * Receives one datagram and hands over its messages. Blocks until there is one.
   *
   * @throws KernelException ENOBUFS when the kernel had to drop events
   */
  void receive(MemorySegment buffer, Consumer<Message> handler) {
    int length = (int) Libc.receive(fd, buffer, 0);
    ByteBuffer datagram = buffer.asByteBuffer().order(ByteOrder.nativeOrder());
    int at = 0;
    while (at + MessageBuilder.HEADER_BYTES <= length) {
      int messageLength = buffer.get(JAVA_INT, at);
      if (messageLength < MessageBuilder.HEADER_BYTES || at + messageLength > length) {
        throw new KernelException("recv", fd + ", message cut off", Errno.EMSGSIZE.number());
      }
      ByteBuffer body =
          datagram
              .slice(at + MessageBuilder.HEADER_BYTES, messageLength - MessageBuilder.HEADER_BYTES)
              .order(ByteOrder.nativeOrder());
      int type = Short.toUnsignedInt(datagram.getShort(at + 4));
      int flags = Short.toUnsignedInt(datagram.getShort(at + 6));
      if (type != Message.NOOP) {
        handler.accept(new Message(type, flags, datagram.getInt(at + 8), body));
      }
      at += (messageLength + 3) & ~3;
    }
  }

  Fd fd() {
    return fd;
  }

  private static void throwIfRefused(Message answer, MessageBuilder request, String subject) {
    int number = -answer.body().getInt(0);
    if (number == 0) {
      return;
    }
    String detail = null;
    if ((answer.flags() & ACK_HAS_ATTRIBUTES) != 0) {
      int echoed =
          (answer.flags() & ACK_CAPPED) != 0
              ? MessageBuilder.HEADER_BYTES
              : answer.body().getInt(4);
      detail = answer.attributes(4 + echoed).string(ERROR_MESSAGE_ATTRIBUTE);
    }
    throw new KernelException(request.name(), subject, number, detail);
  }

  @Override
  public void close() {
    fd.close();
  }
}
