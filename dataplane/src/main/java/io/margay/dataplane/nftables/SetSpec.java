package io.margay.dataplane.nftables;

/**
 * The declaration of a set or map.
 *
 * @param keyType the type of its keys, as nft names it
 * @param valueType the type of a map's values; empty for a set
 * @param intervals whether keys are ranges
 * @param statements what happens to a packet whose element was found, such as counting it
 */
record SetSpec(String keyType, String valueType, boolean intervals, String statements) {

  static SetSpec set(String keyType) {
    return new SetSpec(keyType, "", false, "");
  }

  static SetSpec map(String keyType, String valueType) {
    return new SetSpec(keyType, valueType, false, "");
  }

  static SetSpec intervalMap(String keyType, String valueType) {
    return new SetSpec(keyType, valueType, true, "");
  }

  static SetSpec withStatements(String keyType, String statements) {
    return new SetSpec(keyType, "", false, statements);
  }

  String command() {
    return valueType.isEmpty() ? "set" : "map";
  }

  String declaration() {
    return "{ type "
        + keyType
        + (valueType.isEmpty() ? "" : " : " + valueType)
        + ";"
        + (intervals ? " flags interval;" : "")
        + (statements.isEmpty() ? "" : " " + statements + ";")
        + " }";
  }
}
