package io.margay.policy.recommend;

import io.margay.model.net.Protocol;

/**
 * A conversation that was allowed and is to stay so.
 *
 * @param port 0 for protocols without ports
 */
public record Observation(Peer source, Peer destination, Protocol protocol, int port) {}
