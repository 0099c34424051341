package io.margay.agents.identity.workload;

import io.grpc.Attributes;
import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.shaded.io.grpc.netty.ProtocolNegotiationEvent;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.PeerCredentials;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.io.IOException;

/**
 * Tells calls who is at the other end of their Unix socket. gRPC has no public way to it: this puts
 * the peer among the attributes of a connection before its first call.
 */
final class PeerNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
  static final Attributes.Key<Peer> PEER = Attributes.Key.create("margay-peer");

  private final InternalProtocolNegotiator.ProtocolNegotiator plaintext =
      InternalProtocolNegotiators.serverPlaintext();

  @Override
  public AsciiString scheme() {
    return plaintext.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
    return new Adder(plaintext.newHandler(grpc));
  }

  @Override
  public void close() {
    plaintext.close();
  }

  /** Stands before the handler that begins HTTP/2, and leaves when it has added the peer. */
  private static final class Adder extends ChannelInboundHandlerAdapter {
    private final ChannelHandler next;

    Adder(ChannelHandler next) {
      this.next = next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      context.pipeline().addAfter(context.name(), null, next);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
      if (!(event instanceof ProtocolNegotiationEvent negotiation)) {
        super.userEventTriggered(context, event);
        return;
      }
      Attributes attributes =
          InternalProtocolNegotiationEvent.getAttributes(negotiation).toBuilder()
              .set(PEER, peer(context.channel()))
              .build();
      context.fireUserEventTriggered(
          InternalProtocolNegotiationEvent.withAttributes(negotiation, attributes));
      context.pipeline().remove(this);
    }

    /** A failure closes the connection: without a peer there is nobody to serve. */
    private static Peer peer(Channel channel) throws IOException {
      if (channel instanceof EpollDomainSocketChannel socket) {
        PeerCredentials credentials = socket.peerCredentials();
        int[] groups = credentials.gids();
        return Peer.of(credentials.pid(), credentials.uid(), groups.length == 0 ? -1 : groups[0]);
      }
      throw new IOException("not a Unix socket");
    }
  }
}
