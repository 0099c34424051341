package io.margay.console.blast;

/**
 * A peer's conversations with the machine in the recorded flows.
 *
 * @param incoming whether the peer began them
 * @param service protocol and port, such as {@code tcp/5432}
 * @param allowed connections that were allowed
 * @param denied attempts that were denied
 * @param owner whom to ask about the peer
 */
public record Talk(
    String peer, boolean incoming, String service, long allowed, long denied, String owner) {}
