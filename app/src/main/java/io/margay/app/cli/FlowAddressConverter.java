package io.margay.app.cli;

import io.margay.flows.collect.FlowAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads addresses of processes that gather flows. */
final class FlowAddressConverter implements ITypeConverter<FlowAddress> {
  @Override
  public FlowAddress convert(String text) {
    try {
      return FlowAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
