package io.margay.dataplane.check;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.vector.ConnectivityVector;
import io.margay.policy.vector.VectorResult;
import java.util.Optional;

/**
 * Checks vectors with real packets: a namespace for each node with its own nftables dataplane, veth
 * cables for the pods, and the packets of every expectation sent through them. TCP is judged by its
 * SYN, UDP by a datagram, SCTP by its INIT, ICMP and other protocols by a packet of theirs.
 *
 * <p>One checker may check many vectors, one after the other. It touches nothing but the namespaces
 * that it makes.
 */
public final class PacketChecker implements AutoCloseable {
  private final VectorNetwork network = new PacketNetwork();
  private final VectorCheck check = new VectorCheck(network);

  /** Why this machine or user cannot check with packets; empty if it can. */
  public static Optional<String> whyUnavailable() {
    return NetworkNamespace.whyUnavailable();
  }

  /**
   * Plays a vector.
   *
   * @throws IllegalArgumentException if an expectation names a peer that does not exist
   */
  public VectorResult check(ConnectivityVector vector) {
    return check.run(vector);
  }

  @Override
  public void close() {
    network.close();
  }
}
