#include <microhttpd.h>

// Swift can't call functions of a variable number of arguments.

/// A daemon on a listening socket that its owner runs; NULL when there is no memory or descriptor left.
static inline struct MHD_Daemon *
recharge_start_daemon(int listening, unsigned int connections, size_t bytes, MHD_AccessHandlerCallback answer,
                      MHD_NotifyConnectionCallback notify, void *context)
{
    return MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, answer, context, MHD_OPTION_LISTEN_SOCKET, listening,
                            MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT, bytes,
                            MHD_OPTION_NOTIFY_CONNECTION, notify, context, MHD_OPTION_STRICT_FOR_CLIENT, 1,
                            MHD_OPTION_END);
}

/// The descriptor that is readable when the daemon has something to do.
static inline int
recharge_daemon_descriptor(struct MHD_Daemon *daemon)
{
    return MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

/// A connection's socket.
static inline int
recharge_connection_socket(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}
