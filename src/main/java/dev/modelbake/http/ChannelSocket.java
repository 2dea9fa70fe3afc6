package dev.modelbake.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A socket whose long bodies can be read past OkHttp, which moves 8 KiB at a time: half of what a
 * fast download costs.
 *
 * <p>Its stream ends a read where the head of an answer ends (RFC 9112, section 2.1), so that
 * OkHttp has the head and nothing of the body when it has understood it. Whatever does not look so
 * is left to OkHttp.
 */
final class ChannelSocket extends Socket {
  private static final int BUFFER = 64 << 10;
  private static final int SHORT_MILLIS = 100;

  private final SocketChannel channel;
  private final Socket socket;
  private final ByteBuffer arrived = ByteBuffer.allocate(BUFFER).limit(0);
  private final InputStream in = new Head();
  private State state = State.HEAD;
  private int line;
  private int timeout;

  private ChannelSocket(SocketChannel channel) {
    this.channel = channel;
    socket = channel.socket();
  }

  private enum State {
    /** Before the end of an answer's head. */
    HEAD,
    /** The head has been handed out, and nothing of what follows. */
    BODY,
    /** Something of the body has been handed out. */
    BEYOND
  }

  static ChannelSocket open() throws IOException {
    return new ChannelSocket(SocketChannel.open());
  }

  /** Whether the next byte is the first of a body. */
  boolean isAtBody() {
    return state == State.BODY;
  }

  /** Reads at least one byte of a body into a buffer that has room; -1 at the end. */
  int read(ByteBuffer buffer) throws IOException {
    int n = Math.min(arrived.remaining(), buffer.remaining());
    if (n > 0) {
      buffer.put(arrived.slice(arrived.position(), n));
      arrived.position(arrived.position() + n);
      return n;
    }
    return channel.read(buffer);
  }

  /** What OkHttp reads: larger pieces than it asks for, and never across the end of a head. */
  private final class Head extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!arrived.hasRemaining()) {
        int n = socket.getInputStream().read(arrived.array(), 0, BUFFER);
        if (n < 0) {
          return -1;
        }
        arrived.position(0).limit(n);
      }
      int n = Math.min(length, arrived.remaining());
      if (state == State.HEAD) {
        n = upToTheBody(n);
      } else {
        state = State.BEYOND;
      }
      arrived.get(bytes, offset, n);
      return n;
    }

    @Override
    public int available() throws IOException {
      return arrived.remaining() + socket.getInputStream().available();
    }

    @Override
    public void close() throws IOException {
      ChannelSocket.this.close();
    }
  }

  /** How many of the next bytes belong to the head; an empty line ends it. */
  private int upToTheBody(int most) {
    for (int i = 0; i < most; i++) {
      byte b = arrived.get(arrived.position() + i);
      if (b == '\n') {
        if (line == 0) {
          state = State.BODY;
          return i + 1;
        }
        line = 0;
      } else if (b != '\r') {
        line++;
      }
    }
    return most;
  }

  /** What is written begins the next exchange. */
  private final class Requests extends OutputStream {
    private final OutputStream out;

    Requests(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      state = State.HEAD;
      line = 0;
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      ChannelSocket.this.close();
    }
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new Requests(socket.getOutputStream());
  }

  @Override
  public void connect(SocketAddress address) throws IOException {
    connect(address, 0);
  }

  @Override
  public void connect(SocketAddress address, int timeout) throws IOException {
    socket.connect(address, timeout);
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    socket.bind(address);
  }

  @Override
  public SocketChannel getChannel() {
    return channel;
  }

  @Override
  public InetAddress getInetAddress() {
    return socket.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return socket.getLocalAddress();
  }

  @Override
  public int getPort() {
    return socket.getPort();
  }

  @Override
  public int getLocalPort() {
    return socket.getLocalPort();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return socket.getRemoteSocketAddress();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return socket.getLocalSocketAddress();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    socket.setTcpNoDelay(on);
  }

  /**
   * Only short ones count, with which OkHttp looks whether an idle connection is still there: they
   * cost four system calls a read, and long ones are kept by closing the socket anyway.
   */
  @Override
  public synchronized void setSoTimeout(int timeout) throws SocketException {
    this.timeout = timeout;
    socket.setSoTimeout(timeout <= SHORT_MILLIS ? timeout : 0);
  }

  @Override
  public synchronized int getSoTimeout() throws SocketException {
    return timeout;
  }

  @Override
  public boolean isConnected() {
    return socket.isConnected();
  }

  @Override
  public boolean isBound() {
    return socket.isBound();
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return socket.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return socket.isOutputShutdown();
  }

  @Override
  public void shutdownInput() throws IOException {
    socket.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
  }

  @Override
  public String toString() {
    return "socket to "
        + (socket.getRemoteSocketAddress() instanceof InetSocketAddress to ? to : "nowhere");
  }

  /** Makes such sockets, unconnected ones only: nothing else is asked for. */
  static final class Factory extends javax.net.SocketFactory {
    @Override
    public Socket createSocket() throws IOException {
      return open();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
        throws IOException {
      return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
        throws IOException {
      return connected(new InetSocketAddress(host, port));
    }

    private static Socket connected(InetSocketAddress address) throws IOException {
      ChannelSocket socket = open();
      socket.connect(address);
      return socket;
    }
  }
}
