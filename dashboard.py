"""The dashboard: `streamlit run dashboard.py`.

Streamlit's server imports this file once for the application (routes, middleware) and runs it as
a script for every view of a page.
"""

if __name__ == "__main__":
    from sourcing.ui.app import configure, serve_pages

    configure()
    serve_pages()
else:
    import streamlit as st
    from streamlit.runtime.pages_manager import PagesManager

    import sourcing.charts  # noqa: F401 (so that the first reader does not wait for Plotly)
    from sourcing.server.routes import Door, base_path, routes
    from sourcing.ui import sign_in
    from sourcing.ui.middleware import middleware

    # Otherwise a first visit to /source would run pages/source.py alone, without navigation and
    # filters: Streamlit treats a folder named pages as its older kind of multipage app.
    PagesManager.uses_pages_directory = False

    base = base_path(st.get_option("server.baseUrlPath"))
    app = st.App(
        __file__,
        routes=routes(base, Door(sign_in.access, sign_in.user_of)),
        middleware=middleware(base),
    )
