"""The dashboard: `streamlit run dashboard.py`.

Streamlit's server imports this file once for the application (routes, compression) and runs it as
a script for every view of a page.
"""

if __name__ == "__main__":
    from sourcing.ui.app import configure, serve_pages

    configure()
    serve_pages()
else:
    from pathlib import Path

    import streamlit as st
    from starlette.middleware import Middleware
    from streamlit.runtime.pages_manager import PagesManager

    import sourcing.charts  # noqa: F401 (so that the first reader does not wait for Plotly)
    from sourcing.server.routes import Door, base_path, routes
    from sourcing.server.static import CompressedStatic, Preloaded
    from sourcing.ui import sign_in

    # Otherwise a first visit to /source would run pages/source.py alone, without navigation and
    # filters: Streamlit treats a folder named pages as its older kind of multipage app.
    PagesManager.uses_pages_directory = False

    base = base_path(st.get_option("server.baseUrlPath"))
    static = Path(st.__file__).parent / "static" / "static"
    charts = static.glob("js/PlotlyChart.*.js")
    preloaded = [f"{base}/static/js/{script.name}" for script in charts]
    app = st.App(
        __file__,
        routes=routes(base, Door(sign_in.access, sign_in.user_of)),
        middleware=[
            Middleware(CompressedStatic, folder=static, prefix=f"{base}/static/"),
            Middleware(Preloaded, paths=preloaded),
        ],
    )
