import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A line to a server, which a test can cut and mend. */
export class Line {
  private readonly sockets = new Set<Socket>();
  private target: URL | null;

  private constructor(
    private readonly server: Server,
    target: string,
  ) {
    this.target = new URL(target);
  }

  static async to(target: string): Promise<Line> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const line = new Line(server, target);
    server.on('connection', (socket) => line.take(socket));
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks what is connected, and lets nobody connect. */
  cut(): void {
    this.target = null;
    this.sockets.forEach((socket) => socket.destroy());
  }

  /** Lets browsers connect again. */
  mend(target: string): void {
    this.target = new URL(target);
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private take(socket: Socket): void {
    if (this.target === null) {
      socket.destroy();
      return;
    }
    const other = connect(Number(this.target.port), this.target.hostname);
    for (const [end, far] of [
      [socket, other],
      [other, socket],
    ] as const) {
      this.sockets.add(end);
      end.on('error', () => far.destroy());
      end.on('close', () => {
        this.sockets.delete(end);
        far.destroy();
      });
      end.pipe(far);
    }
  }
}
