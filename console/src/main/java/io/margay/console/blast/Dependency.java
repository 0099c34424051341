package io.margay.console.blast;

/**
 * Something that is tied to the machine.
 *
 * @param where it is written: a resource or a list
 * @param what of it names the machine, such as {@code ingress[0].source.nets}
 * @param value as it is written there
 * @param owner whom to ask
 */
public record Dependency(String where, String what, String value, Binding binding, String owner) {}
