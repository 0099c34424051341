package io.margay.app.cli.ipam;

import io.margay.model.net.IpAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code --ip}. */
final class AddressConverter implements ITypeConverter<IpAddress> {
  @Override
  public IpAddress convert(String text) {
    try {
      return IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "'" + text + "' is not an address; write one like 10.0.0.1 or fd00::1");
    }
  }
}
