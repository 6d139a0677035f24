"""GraphQL over WebSocket: the protocol graphql-transport-ws, and nothing older.

A handshake comes in at `endpoint`, a `session` takes what `messages` reads, and `asking` answers as HTTP does.
`connection` is the WebSocket itself, as uvicorn speaks it, with limits.

The protocol is written down at https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. Strawberry's own
implementation of it ends without a close frame where a message is no object, closes the socket where it could answer
with an error, and knows no road to an answer but the executor's.
"""
