package io.margay.console.why;

import io.margay.model.net.Protocol;

/**
 * Who asks to talk to whom.
 *
 * @param from {@code namespace/pod}, an address, or {@code host:NAME}
 * @param port a port, for ICMP {@code type << 8 | code}, 0 for other protocols
 */
public record WhyQuestion(String from, String to, Protocol protocol, int port) {}
