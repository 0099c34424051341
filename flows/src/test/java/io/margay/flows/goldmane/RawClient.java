package io.margay.flows.goldmane;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;

/** Calls Goldmane's services by their names, with bytes as they are. */
final class RawClient {
  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private RawClient() {}

  static MethodDescriptor<byte[], byte[]> method(
      String serviceAndMethod, MethodDescriptor.MethodType type) {
    return MethodDescriptor.newBuilder(BYTES, BYTES)
        .setType(type)
        .setFullMethodName("goldmane." + serviceAndMethod)
        .build();
  }

  /** All messages of the answer; fails as the call fails, with those that came before. */
  static Iterator<byte[]> call(Channel channel, String serviceAndMethod, byte[] request) {
    return ClientCalls.blockingServerStreamingCall(
        channel,
        method(serviceAndMethod, MethodDescriptor.MethodType.SERVER_STREAMING),
        CallOptions.DEFAULT,
        request);
  }
}
