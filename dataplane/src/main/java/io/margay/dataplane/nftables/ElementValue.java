package io.margay.dataplane.nftables;

/** What a map gives for a key. */
sealed interface ElementValue {
  /** Sets give nothing: being in the set is the answer. */
  Nothing NOTHING = new Nothing();

  /** An element with this value behind its key, as nft reads it. */
  String after(String key);

  record Nothing() implements ElementValue {
    @Override
    public String after(String key) {
      return key;
    }
  }

  record Mark(int value) implements ElementValue {
    @Override
    public String after(String key) {
      return key + " : " + Integer.toUnsignedString(value);
    }
  }

  record Goto(String chain) implements ElementValue {
    @Override
    public String after(String key) {
      return key + " : goto " + chain;
    }
  }
}
