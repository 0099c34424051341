package io.margay.kernel.route;

/**
 * Packets that an interface has received and sent since it was made. Of the host's side of a cable,
 * {@code received} are those that the other side has sent.
 */
public record LinkTraffic(long received, long sent) {}
