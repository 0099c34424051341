package io.margay.app.lab.application;

import io.margay.model.net.Protocol;

/**
 * A workload calls a service, again and again.
 *
 * @param from the calling workload's name
 * @param port the service's port
 * @param expected whether the application says that this call happens; the others are tried to see
 *     them fail
 */
public record Call(
    String fromNamespace,
    String from,
    String serviceNamespace,
    String service,
    int port,
    Protocol protocol,
    boolean expected) {

  @Override
  public String toString() {
    return fromNamespace + "/" + from + " to " + serviceNamespace + "/" + service + ":" + port;
  }
}
