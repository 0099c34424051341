package io.margay.flows;

/**
 * The service port through which a client reached its destination.
 *
 * @param portName empty when the port has none
 */
public record FlowService(String name, String namespace, String portName, int port) {}
