package io.margay.kernel.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.margay.kernel.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Calls into the C library. Each throws {@link KernelException} with call, argument and errno when
 * it fails. Calls that block must run on platform threads: a native frame pins a virtual thread's
 * carrier.
 */
public final class Libc {
  public static final int CLONE_NEWNET = 0x4000_0000;
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_CLOEXEC = 0x8_0000;
  public static final int MS_BIND = 0x1000;
  public static final int MNT_DETACH = 2;
  public static final int POLLIN = 1;
  public static final int MSG_DONTWAIT = 0x40;
  public static final int MSG_TRUNC = 0x20;
  public static final int SOL_SOCKET = 1;
  public static final int SO_RCVBUF = 8;
  public static final int SO_RCVBUFFORCE = 33;
  public static final int SO_SNDBUFFORCE = 32;
  public static final int SOCK_CLOEXEC = 0x8_0000;
  public static final int SOCK_RAW = 3;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** Where the linker leaves errno: one place per thread, read right after the call. */
  private static final ThreadLocal<MemorySegment> CAPTURED =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

  private static final MethodHandle OPEN = variadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CLOSE = find("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle UNSHARE = find("unshare", JAVA_INT, JAVA_INT);
  private static final MethodHandle SETNS = find("setns", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle MOUNT =
      find("mount", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle UMOUNT2 = find("umount2", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SOCKET = find("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = find("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      find("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SENDTO =
      find("sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RECV =
      find("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle POLL = find("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle EVENTFD = find("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle WRITE = find("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

  private static final MethodHandle READ = find("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

  private static final MethodHandle SYSCALL =
      variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT);

  /** membarrier(2) has no wrapper in the C library; its number differs between machines. */
  private static final long MEMBARRIER =
      switch (System.getProperty("os.arch")) {
        case "amd64" -> 324;
        case "aarch64" -> 283;
        default -> -1;
      };

  private static final int MEMBARRIER_CMD_GLOBAL = 1;

  private static final int POLLFD_BYTES = 8;

  private Libc() {}

  /** Opens a path; close-on-exec is added. */
  public static Fd open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = CAPTURED.get();
      int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags | O_CLOEXEC);
      return new Fd(checked(fd, state, "open", path), path);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void close(int fd) {
    try {
      // The result is of no use: Linux frees the descriptor whatever close(2) answers.
      int unused = (int) CLOSE.invokeExact(CAPTURED.get(), fd);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Moves the calling thread into new namespaces. */
  public static void unshare(int flags) {
    try {
      MemorySegment state = CAPTURED.get();
      int answer = (int) UNSHARE.invokeExact(state, flags);
      checked(answer, state, "unshare", flags == CLONE_NEWNET ? "CLONE_NEWNET" : "" + flags);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Moves the calling thread into the network namespace of a descriptor. */
  public static void setNetworkNamespace(Fd namespace) {
    if (Thread.currentThread().isVirtual()) {
      // Its carrier would stay in the namespace and take other virtual threads along.
      throw new IllegalStateException("a virtual thread must not enter a network namespace");
    }
    try {
      MemorySegment state = CAPTURED.get();
      int answer = (int) SETNS.invokeExact(state, namespace.number(), CLONE_NEWNET);
      checked(answer, state, "setns", namespace + ", CLONE_NEWNET");
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Binds one path on another. */
  public static void bindMount(String source, String target) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = CAPTURED.get();
      int answer =
          (int)
              MOUNT.invokeExact(
                  state,
                  arena.allocateFrom(source),
                  arena.allocateFrom(target),
                  arena.allocateFrom("none"),
                  (long) MS_BIND,
                  MemorySegment.NULL);
      checked(answer, state, "mount", source + ", " + target + ", MS_BIND");
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Takes a mount away at once, even while it is in use. */
  public static void detachMount(String target) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = CAPTURED.get();
      int answer = (int) UMOUNT2.invokeExact(state, arena.allocateFrom(target), MNT_DETACH);
      checked(answer, state, "umount2", target + ", MNT_DETACH");
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /**
   * Waits for a grace period of RCU: whatever ran in the kernel's packet path when this was called
   * has left it when it returns. Takes milliseconds.
   *
   * @throws KernelException where the kernel has no membarrier or a sandbox forbids it
   */
  public static void awaitGracePeriod() {
    try {
      MemorySegment state = CAPTURED.get();
      long answer = (long) SYSCALL.invokeExact(state, MEMBARRIER, MEMBARRIER_CMD_GLOBAL, 0, 0);
      checked(answer, state, "membarrier", "MEMBARRIER_CMD_GLOBAL");
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Opens a socket in the calling thread's network namespace; close-on-exec is added. */
  public static Fd socket(int domain, int type, int protocol, String what) {
    try {
      MemorySegment state = CAPTURED.get();
      int fd = (int) SOCKET.invokeExact(state, domain, type | SOCK_CLOEXEC, protocol);
      return new Fd(checked(fd, state, "socket", what), what);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Binds a socket to a raw {@code sockaddr}. */
  public static void bind(Fd socket, MemorySegment address) {
    try {
      MemorySegment state = CAPTURED.get();
      int answer =
          (int) BIND.invokeExact(state, socket.number(), address, (int) address.byteSize());
      checked(answer, state, "bind", socket.toString());
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Sets a socket option that takes an int. */
  public static void setOption(Fd socket, int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      setOption(socket, level, option, arena.allocateFrom(JAVA_INT, value));
    }
  }

  /** Sets a socket option that takes a structure. */
  public static void setOption(Fd socket, int level, int option, MemorySegment value) {
    try {
      MemorySegment state = CAPTURED.get();
      int answer =
          (int)
              SETSOCKOPT.invokeExact(
                  state, socket.number(), level, option, value, (int) value.byteSize());
      checked(answer, state, "setsockopt", socket + ", " + level + ", " + option);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Sends one datagram; {@code address} may be {@link MemorySegment#NULL}. */
  public static long send(Fd socket, MemorySegment data, MemorySegment address) {
    try {
      MemorySegment state = CAPTURED.get();
      long sent =
          (long)
              SENDTO.invokeExact(
                  state,
                  socket.number(),
                  data,
                  data.byteSize(),
                  0,
                  address,
                  (int) address.byteSize());
      return checked(sent, state, "sendto", socket + ", " + data.byteSize() + " bytes");
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Receives one datagram and returns its length. With MSG_TRUNC that is its full length. */
  public static long receive(Fd socket, MemorySegment buffer, int flags) {
    try {
      MemorySegment state = CAPTURED.get();
      long length =
          (long) RECV.invokeExact(state, socket.number(), buffer, buffer.byteSize(), flags);
      return checked(length, state, "recv", socket.toString());
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /**
   * Waits until one of two descriptors is readable.
   *
   * @param timeoutMillis negative waits without end
   * @return whether {@code first} is readable; false also when the time is over
   */
  public static boolean awaitReadable(Fd first, Fd second, int timeoutMillis) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pollFds = arena.allocate(2 * POLLFD_BYTES, 4);
      pollFds.set(JAVA_INT, 0, first.number());
      pollFds.set(JAVA_SHORT, 4, (short) POLLIN);
      pollFds.set(JAVA_INT, POLLFD_BYTES, second.number());
      pollFds.set(JAVA_SHORT, POLLFD_BYTES + 4, (short) POLLIN);
      MemorySegment state = CAPTURED.get();
      int ready = (int) POLL.invokeExact(state, pollFds, 2L, timeoutMillis);
      checked(ready, state, "poll", first + ", " + second);
      // Also true for POLLERR: a netlink socket reports an overrun so, and recv then says ENOBUFS.
      return pollFds.get(JAVA_SHORT, 6) != 0;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** A descriptor that {@link #signal} makes readable. */
  public static Fd eventFd() {
    try {
      MemorySegment state = CAPTURED.get();
      int fd = (int) EVENTFD.invokeExact(state, 0, O_CLOEXEC);
      return new Fd(checked(fd, state, "eventfd", "0"), "eventfd");
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Makes an {@link #eventFd} readable. */
  public static void signal(Fd eventFd) {
    byte[] one = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, 1).array();
    write(eventFd, one);
  }

  /** Writes bytes with one call and returns how many were taken. */
  public static long write(Fd file, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = CAPTURED.get();
      MemorySegment data = arena.allocateFrom(JAVA_BYTE, bytes);
      long written = (long) WRITE.invokeExact(state, file.number(), data, data.byteSize());
      return checked(written, state, "write", file.toString());
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Reads with one call: at most {@code limit} bytes. */
  public static byte[] read(Fd file, int limit) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = CAPTURED.get();
      MemorySegment data = arena.allocate(limit);
      long length = (long) READ.invokeExact(state, file.number(), data, data.byteSize());
      return data.asSlice(0, checked(length, state, "read", file.toString())).toArray(JAVA_BYTE);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private static int checked(int answer, MemorySegment state, String call, String argument) {
    return (int) checked((long) answer, state, call, argument);
  }

  private static long checked(long answer, MemorySegment state, String call, String argument) {
    if (answer < 0) {
      throw new KernelException(call, argument, (int) ERRNO.get(state, 0L));
    }
    return answer;
  }

  /** Method handles declare Throwable; only unchecked ones can come out of these. */
  private static RuntimeException rethrown(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }

  private static MethodHandle find(String name, MemoryLayout result, MemoryLayout... arguments) {
    return bound(name, result, arguments, Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle variadic(
      String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
    return bound(
        name,
        result,
        arguments,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(fixed));
  }

  private static MethodHandle bound(
      String name, MemoryLayout result, MemoryLayout[] arguments, Linker.Option... options) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        options);
  }
}
