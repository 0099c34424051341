package io.margay.agents.identity.workload;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.margay.agents.identity.spiffe.BundleJson;
import io.margay.agents.identity.spiffe.JwtSvid;
import io.margay.agents.identity.spiffe.JwtSvids;
import io.margay.agents.identity.spiffe.SpiffeAuthority;
import io.margay.agents.identity.spiffe.TrustBundles;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.workload.proto.JWTBundlesRequest;
import io.margay.agents.identity.workload.proto.JWTBundlesResponse;
import io.margay.agents.identity.workload.proto.JWTSVID;
import io.margay.agents.identity.workload.proto.JWTSVIDRequest;
import io.margay.agents.identity.workload.proto.JWTSVIDResponse;
import io.margay.agents.identity.workload.proto.SpiffeWorkloadAPIGrpc;
import io.margay.agents.identity.workload.proto.ValidateJWTSVIDRequest;
import io.margay.agents.identity.workload.proto.ValidateJWTSVIDResponse;
import io.margay.agents.identity.workload.proto.X509BundlesRequest;
import io.margay.agents.identity.workload.proto.X509BundlesResponse;
import io.margay.agents.identity.workload.proto.X509SVID;
import io.margay.agents.identity.workload.proto.X509SVIDRequest;
import io.margay.agents.identity.workload.proto.X509SVIDResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Answers workloads. Processes that are no workload are told so, and get nothing. */
final class WorkloadService extends SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIImplBase {
  private final SpiffeAuthority authority;
  private final Registrations registrations;
  private final JwtSvids jwtSvids;
  private final InstantSource clock;
  private final Set<OpenStream<?>> streams = ConcurrentHashMap.newKeySet();

  WorkloadService(
      SpiffeAuthority authority,
      Registrations registrations,
      JwtSvids jwtSvids,
      InstantSource clock) {
    this.authority = authority;
    this.registrations = registrations;
    this.jwtSvids = jwtSvids;
    this.clock = clock;
  }

  /** Sends every open stream what is true now. */
  void sendAll() {
    streams.forEach(OpenStream::send);
  }

  /** Sends the streams whose SVIDs are half over new ones. */
  void sendDue() {
    streams.forEach(stream -> stream.sendIfDue(clock.instant()));
  }

  @Override
  public void fetchX509SVID(X509SVIDRequest request, StreamObserver<X509SVIDResponse> observer) {
    open(observer, this::x509Svids, true);
  }

  @Override
  public void fetchX509Bundles(
      X509BundlesRequest request, StreamObserver<X509BundlesResponse> observer) {
    open(
        observer,
        entries ->
            X509BundlesResponse.newBuilder()
                .putAllBundles(
                    WireBundles.byDomain(
                        authority.bundles(), bundle -> WireBundles.der(bundle.x509Authorities())))
                .build(),
        false);
  }

  @Override
  public void fetchJWTBundles(
      JWTBundlesRequest request, StreamObserver<JWTBundlesResponse> observer) {
    open(
        observer,
        entries ->
            JWTBundlesResponse.newBuilder()
                .putAllBundles(
                    WireBundles.byDomain(
                        authority.bundles(),
                        bundle -> ByteString.copyFromUtf8(BundleJson.writeJwtKeys(bundle))))
                .build(),
        false);
  }

  private <T> void open(
      StreamObserver<T> observer, Function<List<Registrations.Entry>, T> message, boolean expires) {
    Peer peer = PeerInterceptor.PEER.get();
    OpenStream<T> stream =
        new OpenStream<>(
            (ServerCallStreamObserver<T>) observer,
            () -> registrations.of(peer),
            message,
            expires ? authority.x509Lifetime().dividedBy(2) : null,
            clock);
    stream.onEnd(() -> streams.remove(stream));
    // First into the set, then the message: a change in between is sent twice rather than never.
    streams.add(stream);
    stream.send();
  }

  private X509SVIDResponse x509Svids(List<Registrations.Entry> entries) {
    TrustBundles bundles = authority.bundles();
    Map<String, ByteString> federated =
        new HashMap<>(
            WireBundles.byDomain(bundles, bundle -> WireBundles.der(bundle.x509Authorities())));
    ByteString own = federated.remove("spiffe://" + authority.trustDomain());
    X509SVIDResponse.Builder response =
        X509SVIDResponse.newBuilder().putAllFederatedBundles(federated);
    for (Registrations.Entry entry : entries) {
      SpiffeAuthority.IssuedX509 svid = authority.issueX509(entry.id());
      response.addSvids(
          X509SVID
              .newBuilder()
              .setSpiffeId(entry.id().toString())
              .setX509Svid(WireBundles.der(svid.chain()))
              .setX509SvidKey(ByteString.copyFrom(svid.key().getEncoded()))
              .setBundle(own == null ? ByteString.EMPTY : own)
              .setHint(entry.hint()));
    }
    return response.build();
  }

  @Override
  public void fetchJWTSVID(JWTSVIDRequest request, StreamObserver<JWTSVIDResponse> observer) {
    List<String> audience = request.getAudienceList();
    if (audience.isEmpty() || audience.contains("")) {
      observer.onError(error(Status.INVALID_ARGUMENT, "audience is missing"));
      return;
    }
    List<JWTSVID> svids = new ArrayList<>();
    for (Registrations.Entry entry : registrations.of(PeerInterceptor.PEER.get())) {
      if (request.getSpiffeId().isEmpty() || request.getSpiffeId().equals(entry.id().toString())) {
        svids.add(
            JWTSVID
                .newBuilder()
                .setSpiffeId(entry.id().toString())
                .setSvid(authority.issueJwt(entry.id(), audience).token())
                .setHint(entry.hint())
                .build());
      }
    }
    if (svids.isEmpty()) {
      observer.onError(noIdentity());
      return;
    }
    observer.onNext(JWTSVIDResponse.newBuilder().addAllSvids(svids).build());
    observer.onCompleted();
  }

  @Override
  public void validateJWTSVID(
      ValidateJWTSVIDRequest request, StreamObserver<ValidateJWTSVIDResponse> observer) {
    if (registrations.of(PeerInterceptor.PEER.get()).isEmpty()) {
      observer.onError(noIdentity());
      return;
    }
    if (request.getAudience().isEmpty() || request.getSvid().isEmpty()) {
      observer.onError(error(Status.INVALID_ARGUMENT, "audience or svid is missing"));
      return;
    }
    try {
      JwtSvid svid = jwtSvids.verify(request.getSvid(), Set.of(request.getAudience()));
      observer.onNext(
          ValidateJWTSVIDResponse.newBuilder()
              .setSpiffeId(svid.id().toString())
              .setClaims(WireClaims.struct(svid.claims().asMap()))
              .build());
      observer.onCompleted();
    } catch (RefusedTokenException e) {
      observer.onError(error(Status.INVALID_ARGUMENT, e.reason()));
    }
  }

  static RuntimeException noIdentity() {
    return error(Status.PERMISSION_DENIED, "no identity issued: no registration matches");
  }

  private static RuntimeException error(Status status, String reason) {
    return status.withDescription(reason).asRuntimeException();
  }
}
